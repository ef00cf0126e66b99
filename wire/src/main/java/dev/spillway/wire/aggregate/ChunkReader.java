package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/** Steps through one chunk and hands out its values as they stand in it. */
final class ChunkReader {
  private static final ByteSlice NOTHING = ByteSlice.of("\"\"");

  private final JsonCursor cursor = new JsonCursor();
  private ByteSlice text = NOTHING;

  /** Told each member of an object; must pass over its value. */
  interface MemberSink {
    void member(String name) throws MalformedJson;
  }

  /** Told each element of an array; must pass over it. */
  interface ElementSink {
    void element() throws MalformedJson;
  }

  /** Steps through all of a chunk, and lets go of it: it may be long, and the next far off. */
  void read(ByteSlice chunk, MemberSink sink) throws MalformedJson {
    text = chunk;
    cursor.reset(chunk);
    object(sink);
    cursor.end();
    text = NOTHING;
    cursor.reset(NOTHING).skipString(); // the cursor holds the last string that it read as well
  }

  /** Steps through an object, or passes over another value. */
  void object(MemberSink sink) throws MalformedJson {
    if (cursor.kind() != JsonKind.OBJECT) {
      cursor.skip();
      return;
    }
    cursor.beginObject();
    while (cursor.nextMember()) {
      sink.member(cursor.name());
    }
  }

  /** Steps through an array, or passes over another value. */
  void array(ElementSink sink) throws MalformedJson {
    if (cursor.kind() != JsonKind.ARRAY) {
      cursor.skip();
      return;
    }
    cursor.beginArray();
    while (cursor.nextElement()) {
      sink.element();
    }
  }

  JsonKind kind() throws MalformedJson {
    return cursor.kind();
  }

  /** The next value as it stands. */
  ByteSlice value() throws MalformedJson {
    int from = cursor.position();
    cursor.skip();
    return part(from, cursor.endOfValue());
  }

  /** Adds a string, still escaped, to what came before of it; another value is passed over. */
  void addString(HeldText to) throws MalformedJson {
    if (cursor.kind() != JsonKind.STRING) {
      cursor.skip();
      return;
    }
    cursor.skipString();
    to.append(part(cursor.textFrom(), cursor.textTo()));
  }

  /** Adds the elements of an array to those before, with commas; another value is passed over. */
  void addElements(HeldText to) throws MalformedJson {
    array(() -> to.appendElement(value()));
  }

  /** A whole number; {@code otherwise} for another value. */
  long integerOr(long otherwise) throws MalformedJson {
    if (cursor.kind() == JsonKind.NUMBER) {
      return cursor.integerOr(otherwise);
    }
    cursor.skip();
    return otherwise;
  }

  private ByteSlice part(int from, int to) {
    return new ByteSlice(text.array(), text.offset() + from, to - from);
  }
}
