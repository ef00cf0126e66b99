package dev.spillway.wire.chat;

import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.multipart.Boundary;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a request's body found: all that routing and metering need, or why it is
 * refused.
 */
public sealed interface RequestScan {
  /** The body is one well-formed request. */
  record Accepted(ScannedRequest request) implements RequestScan {}

  /** It is not; nothing of it may be sent on. */
  record Refused(Refusal refusal) implements RequestScan {}

  /**
   * Reads a body once.
   *
   * <p>Never throws, whatever the bytes are. Takes time in proportion to the length, some 7 us for
   * 16 KB, so a body of megabytes belongs off the event loop.
   *
   * @param modelOfPath the model that the path names (Azure's {@code /deployments/{model}/}), which
   *     replaces the body's; null if the body must name it
   */
  static RequestScan of(Operation operation, @Nullable String modelOfPath, ByteSlice body) {
    return new RequestScanner(operation, modelOfPath, body).scan();
  }

  /**
   * Reads a form once, as strictly and in as little time a byte.
   *
   * @param boundary what parts it
   */
  static RequestScan ofForm(
      Operation operation, @Nullable String modelOfPath, Boundary boundary, ByteSlice body) {
    return new FormScanner(operation, modelOfPath, boundary, body).scan();
  }
}
