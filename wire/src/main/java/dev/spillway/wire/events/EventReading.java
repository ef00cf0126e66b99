package dev.spillway.wire.events;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ScannedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one stream, each once and in order; their bytes are never changed.
 *
 * <p>Not thread-safe: one stream, one reading.
 */
public sealed interface EventReading permits TypedEvents {
  /** For the stream that answers this request, which is not one of chunks. */
  @SuppressWarnings("DoNotCallSuggester")
  static EventReading of(ScannedRequest request) {
    throw new IllegalArgumentException(
        "operation: " + request.operation() + " (expected: one whose events are read here)");
  }

  /** Reads the data of one event: neither empty nor {@code [DONE]}. */
  EventMeaning read(byte[] data, int offset, int length);

  /** Whether the provider has said that the answer is finished. */
  boolean isWhole();

  /** Whether clients wait for {@code [DONE]}. */
  boolean endsWithDone();

  /** UTF-8 bytes of the answer so far, unescaped; a measure of its tokens. */
  long contentBytes();

  /** The provider's count; null if it sent none yet. */
  @Nullable Usage usage();

  /** By which the provider knows the answer; null if it did not say yet. */
  @Nullable String id();
}
