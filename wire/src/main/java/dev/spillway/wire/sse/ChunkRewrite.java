package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.ObjectEdit;
import dev.spillway.wire.json.Span;
import dev.spillway.wire.json.Splice;
import dev.spillway.wire.sse.ChunkChanges.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes single places of a chunk that was found to be well-formed, and frames it anew as an event
 * of one line, without a null error. Not thread-safe.
 */
public final class ChunkRewrite {
  private static final byte[] ID = ascii("id");
  private static final byte[] CHOICES = ascii("choices");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] USAGE = ascii("usage");
  private static final ByteSlice ASSISTANT = ByteSlice.of("\"assistant\"");
  private static final ByteSlice EMPTY = ByteSlice.of("{}");
  private static final ByteSlice ONLY_ROLE = ByteSlice.of("{\"role\":\"assistant\"}");
  private static final ByteSlice NO_DELTA = ByteSlice.of("\"delta\":{}");
  private static final ByteSlice DELTA_WITH_ROLE =
      ByteSlice.of("\"delta\":{\"role\":\"assistant\"}");
  private static final ByteSlice COMMA = ByteSlice.of(",");

  private final JsonCursor cursor = new JsonCursor();
  private final ChunkFacts.Form form;
  private ByteSlice data = EMPTY;
  private Splice.Builder edits = new Splice.Builder(0);

  /** Of chunks of this form: a choice of chat gets a {@code delta} if it lacks one. */
  public ChunkRewrite(ChunkFacts.Form form) {
    this.form = form;
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

  /**
   * The chunk with these changes.
   *
   * @param facts what was read of this very event
   */
  public ByteSlice event(SseEvent event, ChunkFacts facts, ChunkChanges changes) {
    data = data(event);
    edits = new Splice.Builder(data.length());
    ByteSlice text = changes.text();
    if (text != null) {
      int from = facts.textFrom() - data.offset();
      edits.replace(from, facts.textTo() - data.offset(), text);
    }
    try {
      cursor.reset(data);
      chunk(changes);
    } catch (MalformedJson e) {
      throw new IllegalStateException("a chunk that was read before", e);
    }
    return framed(edits.build().apply(data));
  }

  private static ByteSlice framed(byte[] json) {
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

  private void chunk(ChunkChanges changes) throws MalformedJson {
    cursor.beginObject();
    int open = cursor.endOfValue() - 1;
    List<Member> members = new ArrayList<>(8);
    @Nullable Span usage = null;
    while (cursor.nextMember()) {
      boolean isUsage = cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT;
      boolean isChoices = cursor.nameIs(CHOICES) && cursor.kind() == JsonKind.ARRAY;
      Member member = member(isChoices ? changes.role() : null);
      members.add(member);
      usage = isUsage ? member.value() : usage;
    }
    ObjectEdit edit = new ObjectEdit(open, members);
    edit.remove("error");
    put(edit, "id", changes.id());
    put(edit, "created", changes.created());
    put(edit, "model", changes.model());
    if (usage != null && changes.usage() != null) {
      put(edit, "usage", changes.usage().apply(part(usage)));
      put(edit, "spillway", changes.besideUsage());
    }
    edit.applyTo(edits);
  }

  private static void put(ObjectEdit edit, String name, @Nullable ByteSlice json) {
    if (json != null) {
      edit.put(name, json);
    }
  }

  private ByteSlice part(Span span) {
    return new ByteSlice(data.array(), data.offset() + span.from(), span.to() - span.from());
  }

  /** Passes over a member; {@code role} says what to change in it if it holds the choices. */
  private Member member(@Nullable Role role) throws MalformedJson {
    String name = cursor.name();
    int nameAt = cursor.namePosition();
    int from = cursor.position();
    if (role != null && form == ChunkFacts.Form.CHAT) {
      choices(role);
    } else {
      cursor.skip();
    }
    return new Member(name, nameAt, new Span(from, cursor.endOfValue()));
  }

  private void choices(Role role) throws MalformedJson {
    cursor.beginArray();
    while (cursor.nextElement()) {
      if (cursor.kind() == JsonKind.OBJECT) {
        choice(role);
      } else {
        cursor.skip();
      }
    }
  }

  private void choice(Role role) throws MalformedJson {
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
        int from = cursor.position();
        cursor.skip();
        edits.replace(from, cursor.endOfValue(), empty);
      } else {
        delta(role);
      }
    }
    if (!delta) {
      edits.insert(inside, role == Role.INSERT ? DELTA_WITH_ROLE : NO_DELTA);
      if (members > 0) {
        edits.insert(inside, COMMA);
      }
    }
  }

  private void delta(Role role) throws MalformedJson {
    int from = cursor.position();
    cursor.beginObject();
    int open = cursor.endOfValue() - 1;
    List<Member> members = new ArrayList<>(4);
    while (cursor.nextMember()) {
      members.add(member(null));
    }
    boolean onlyRole = members.stream().allMatch(member -> member.name().equals("role"));
    if (role == Role.LEAVE) {
      return;
    }
    if (onlyRole) {
      edits.replace(from, cursor.endOfValue(), role == Role.INSERT ? ONLY_ROLE : EMPTY);
      return;
    }
    ObjectEdit edit = new ObjectEdit(open, members);
    if (role == Role.INSERT) {
      edit.put("role", ASSISTANT);
    } else {
      edit.remove("role");
    }
    edit.applyTo(edits);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
