package dev.spillway.wire.chat;

import dev.spillway.wire.engine.EngineFields;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.ObjectEdit;
import dev.spillway.wire.json.Span;
import dev.spillway.wire.json.Splice;
import org.jspecify.annotations.Nullable;

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

  /** Sets a field to a whole number. */
  public BodyEdit put(String field, long number) {
    return put(field, ByteSlice.of(Long.toString(number)));
  }

  /** The value of a field as the client sent it, borrowed; null if the body has none. */
  public @Nullable ByteSlice original(String field) {
    Member member = fields.find(field);
    return member == null ? null : part(member.value());
  }

  /** Adds an element at the end of an array; not together with another change of that field. */
  public BodyEdit append(String arrayField, ByteSlice element) {
    Span value = existing(arrayField);
    int close = value.to() - 1;
    boolean empty = isEmpty(value);
    splice.insert(
        close,
        empty
            ? element
            : new JsonWriter(element.length() + 1).verbatim(",").raw(element).written());
    return this;
  }

  /**
   * Adds to the end of a string inside a field's value; not together with another change of that
   * field.
   *
   * @param string where the string is, its quotes included, from the start of the field's value
   * @param escaped what a JSON string may hold between its quotes
   */
  public BodyEdit extend(String field, Span string, ByteSlice escaped) {
    splice.insert(existing(field).from() + string.to() - 1, escaped);
    return this;
  }

  /** Makes a request that does not stream one that does, its usage asked for. */
  public BodyEdit askForStream() {
    return put("stream", TRUE).includeUsage();
  }

  /** Takes a field out, if it is there. */
  public BodyEdit remove(String field) {
    edit.remove(field);
    return this;
  }

  /** Takes out what a client may not say to a shared engine. */
  public BodyEdit removeEngineFields() {
    for (Member member : fields.members()) {
      if (EngineFields.has(member.name(), part(member.value()))) {
        edit.remove(member.name());
      }
    }
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
      boolean alone = isEmpty(options.value());
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

  private Span existing(String field) {
    Member member = fields.find(field);
    if (member == null) {
      throw new IllegalArgumentException("field: '" + field + "' (expected: one of the body)");
    }
    return member.value();
  }

  private ByteSlice part(Span value) {
    return new ByteSlice(body.array(), body.offset() + value.from(), value.to() - value.from());
  }

  private boolean isEmpty(Span value) {
    for (int i = value.from() + 1; i < value.to() - 1; i++) {
      if (body.array()[body.offset() + i] > ' ') {
        return false;
      }
    }
    return true;
  }
}
