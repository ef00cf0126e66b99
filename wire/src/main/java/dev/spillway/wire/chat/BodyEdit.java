package dev.spillway.wire.chat;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.Splice;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the top-level fields of a scanned body, as a splice: no other byte changes.
 *
 * <p>New fields come first in the object, existing ones keep their place. Not thread-safe.
 */
public final class BodyEdit {
  private static final ByteSlice INCLUDE_USAGE = ByteSlice.of("{\"include_usage\":true}");
  private static final ByteSlice INCLUDE_USAGE_MEMBER = ByteSlice.of("\"include_usage\":true,");
  private static final ByteSlice TRUE = ByteSlice.of("true");

  private final ScannedRequest request;
  private final ByteSlice body;
  private final Map<String, @Nullable ByteSlice> changes = new LinkedHashMap<>();
  private boolean includeUsage;

  /**
   * Changes to {@code body}, which {@code request} was scanned from; the body is only read, and
   * only until {@link #build}.
   */
  public BodyEdit(ScannedRequest request, ByteSlice body) {
    if (body.length() != request.fields().bodyLength()) {
      throw new IllegalArgumentException(
          "body: " + body.length() + " bytes (expected: the one that was scanned)");
    }
    this.request = request;
    this.body = body;
  }

  /** Names the model as the provider calls it. */
  public BodyEdit model(String upstreamModel) {
    return put("model", upstreamModel);
  }

  /** Sets a field to a string. */
  public BodyEdit put(String field, String value) {
    return put(field, new JsonWriter(value.length() + 16).value(value).written());
  }

  /** Sets a field to a value that is JSON already. */
  public BodyEdit put(String field, ByteSlice json) {
    changes.put(field, json);
    return this;
  }

  /** Takes a field out, if it is there. */
  public BodyEdit remove(String field) {
    changes.put(field, null);
    return this;
  }

  /** Asks for the usage chunk of a stream, whatever the client said. */
  public BodyEdit includeUsage() {
    includeUsage = true;
    return this;
  }

  /**
   * The splice.
   *
   * @throws IllegalStateException if no field of the body would be left
   */
  public Splice build() {
    throw new UnsupportedOperationException();
  }
}
