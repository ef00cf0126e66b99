package dev.spillway.wire.chat;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.ObjectEdit;
import dev.spillway.wire.json.Span;
import dev.spillway.wire.json.Splice;

/**
 * Changes to the top-level fields of a scanned body, as a splice: no other byte changes.
 *
 * <p>New fields come first in the object, existing ones keep their place. Not thread-safe.
 */
public final class BodyEdit {
  private static final String STREAM_OPTIONS = "stream_options";
  private static final ByteSlice INCLUDE_USAGE = ByteSlice.of("{\"include_usage\":true}");
  private static final ByteSlice USAGE_FIRST = ByteSlice.of("\"include_usage\":true,");
  private static final ByteSlice USAGE_ALONE = ByteSlice.of("\"include_usage\":true");
  private static final ByteSlice TRUE = ByteSlice.of("true");

  private final Fields fields;
  private final ByteSlice body;
  private final ObjectEdit edit;
  private final Splice.Builder splice;

  /**
   * Changes to {@code body}, which {@code request} was scanned from; the body is only read, and
   * only until {@link #build}.
   */
  public BodyEdit(ScannedRequest request, ByteSlice body) {
    fields = request.fields();
    if (body.length() != fields.bodyLength()) {
      throw new IllegalArgumentException(
          "body: " + body.length() + " bytes (expected: the one that was scanned)");
    }
    this.body = body;
    this.edit = new ObjectEdit(fields.open(), fields.members());
    this.splice = new Splice.Builder(body.length());
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
    edit.put(field, json);
    return this;
  }

  /** Takes a field out, if it is there. */
  public BodyEdit remove(String field) {
    edit.remove(field);
    return this;
  }

  /**
   * Asks for the usage chunk of a stream, whatever the client said; called once at most, and not
   * together with another change of {@code stream_options}.
   */
  public BodyEdit includeUsage() {
    Member options = fields.find(STREAM_OPTIONS);
    if (options == null || !isObject(options.value())) {
      return put(STREAM_OPTIONS, INCLUDE_USAGE);
    }
    Span asked = fields.includeUsage();
    if (asked != null) {
      splice.replace(asked.from(), asked.to(), TRUE);
    } else {
      boolean alone = isEmptyObject(options.value());
      splice.insert(options.value().from() + 1, alone ? USAGE_ALONE : USAGE_FIRST);
    }
    return this;
  }

  /**
   * The splice; called once, at the end.
   *
   * @throws IllegalStateException if no field of the body would be left
   */
  public Splice build() {
    edit.applyTo(splice);
    return splice.build();
  }

  private boolean isObject(Span value) {
    return body.array()[body.offset() + value.from()] == '{';
  }

  private boolean isEmptyObject(Span value) {
    for (int i = value.from() + 1; i < value.to() - 1; i++) {
      if (body.array()[body.offset() + i] > ' ') {
        return false;
      }
    }
    return true;
  }
}
