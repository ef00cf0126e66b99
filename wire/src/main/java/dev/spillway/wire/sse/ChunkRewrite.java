package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.ObjectEdit;
import dev.spillway.wire.json.Span;
import dev.spillway.wire.json.Splice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes single places of a chunk that was found to be well-formed, and frames it anew. */
final class ChunkRewrite {
  private static final byte[] ID = ascii("id");
  private static final byte[] CHOICES = ascii("choices");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] ROLE = ascii("role");
  private static final ByteSlice ASSISTANT = ByteSlice.of("\"assistant\"");
  private static final ByteSlice ROLE_MEMBER = ByteSlice.of("\"role\":\"assistant\"");
  private static final ByteSlice EMPTY = ByteSlice.of("{}");
  private static final ByteSlice ONLY_ROLE = ByteSlice.of("{\"role\":\"assistant\"}");
  private static final ByteSlice COMMA = ByteSlice.of(",");

  private final JsonCursor cursor = new JsonCursor();

  /** Whether each delta gets a role. */
  enum Role {
    /** It does. */
    INSERT,
    /** It does not. */
    LEAVE
  }

  /** The {@code id} of a chunk that has one. */
  String idOf(SseEvent event) {
    try {
      cursor.reset(data(event));
      cursor.beginObject();
      while (cursor.nextMember()) {
        if (cursor.nameIs(ID) && cursor.kind() == JsonKind.STRING) {
          return cursor.string();
        }
        cursor.skip();
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("a chunk that was read before", e);
    }
    throw new IllegalStateException("a chunk without an id (expected: one that has it)");
  }

  /** The chunk as an event of one line, without a null error; {@code id} null leaves its own. */
  ByteSlice event(SseEvent event, @Nullable String id, Role role) {
    ByteSlice data = data(event);
    Splice.Builder edits = new Splice.Builder(data.length());
    try {
      cursor.reset(data);
      chunk(edits, id, role);
    } catch (MalformedJson e) {
      throw new IllegalStateException("a chunk that was read before", e);
    }
    byte[] json = edits.build().apply(data);
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n') {
        json[i] = ' '; // between tokens only: a string holds no bare line end
      }
    }
    JsonWriter framed = new JsonWriter(json.length + 8).verbatim("data: ");
    return framed.raw(ByteSlice.of(json)).verbatim("\n\n").written();
  }

  private static ByteSlice data(SseEvent event) {
    return new ByteSlice(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  private void chunk(Splice.Builder edits, @Nullable String id, Role role) throws MalformedJson {
    cursor.beginObject();
    int open = cursor.endOfValue() - 1;
    List<Member> members = new ArrayList<>(8);
    while (cursor.nextMember()) {
      String name = cursor.name();
      int nameAt = cursor.namePosition();
      int from = cursor.position();
      if (cursor.nameIs(CHOICES) && cursor.kind() == JsonKind.ARRAY) {
        choices(edits, role);
      } else {
        cursor.skip();
      }
      members.add(new Member(name, nameAt, new Span(from, cursor.endOfValue())));
    }
    ObjectEdit edit = new ObjectEdit(open, members);
    edit.remove("error");
    if (id != null) {
      edit.put("id", new JsonWriter(64).value(id).written());
    }
    edit.applyTo(edits);
  }

  private void choices(Splice.Builder edits, Role role) throws MalformedJson {
    cursor.beginArray();
    while (cursor.nextElement()) {
      if (cursor.kind() == JsonKind.OBJECT) {
        choice(edits, role);
      } else {
        cursor.skip();
      }
    }
  }

  private void choice(Splice.Builder edits, Role role) throws MalformedJson {
    ByteSlice empty = role == Role.INSERT ? ONLY_ROLE : EMPTY;
    cursor.beginObject();
    int inside = cursor.endOfValue();
    int members = 0;
    boolean delta = false;
    while (cursor.nextMember()) {
      members++;
      if (!cursor.nameIs(DELTA)) {
        cursor.skip();
        continue;
      }
      delta = true;
      if (cursor.kind() != JsonKind.OBJECT) {
        replace(edits, empty);
      } else if (role == Role.INSERT) {
        insertRole(edits);
      } else {
        cursor.skip();
      }
    }
    if (!delta) {
      edits.insert(inside, new JsonWriter(48).name("delta").raw(empty).written());
      edits.insert(inside, members > 0 ? COMMA : ByteSlice.of(""));
    }
  }

  private void insertRole(Splice.Builder edits) throws MalformedJson {
    cursor.beginObject();
    int inside = cursor.endOfValue();
    int members = 0;
    boolean replaced = false;
    while (cursor.nextMember()) {
      members++;
      if (cursor.nameIs(ROLE)) {
        replace(edits, ASSISTANT);
        replaced = true;
      } else {
        cursor.skip();
      }
    }
    if (!replaced) {
      edits.insert(inside, ROLE_MEMBER);
      edits.insert(inside, members > 0 ? COMMA : ByteSlice.of(""));
    }
  }

  private void replace(Splice.Builder edits, ByteSlice with) throws MalformedJson {
    int from = cursor.position();
    cursor.skip();
    edits.replace(from, cursor.endOfValue(), with);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
