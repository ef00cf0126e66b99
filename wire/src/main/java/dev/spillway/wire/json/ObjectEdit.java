package dev.spillway.wire.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the members of one object, as edits of the text that holds it.
 *
 * <p>New members come first in the object, existing ones keep their place. Not thread-safe.
 */
public final class ObjectEdit {
  private static final ByteSlice NOTHING = ByteSlice.of("");

  private final int open;
  private final List<Member> members;
  private final Map<String, @Nullable ByteSlice> changes = new LinkedHashMap<>();

  /**
   * Of an object.
   *
   * @param open position of its opening brace
   * @param members all its members, in the order of the text; no name twice
   */
  public ObjectEdit(int open, List<Member> members) {
    this.open = open;
    this.members = members;
  }

  /** Sets a member to a value that is JSON already. */
  public void put(String name, ByteSlice json) {
    changes.put(name, json);
  }

  /** Takes a member out, if it is there. */
  public void remove(String name) {
    changes.put(name, null);
  }

  /**
   * Tells the edits.
   *
   * @throws IllegalStateException if no member would be left
   */
  public void applyTo(Splice.Builder splice) {
    insertMissing(splice);
    int lastKept = -1;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      ByteSlice value = changes.get(member.name());
      if (value == null && changes.containsKey(member.name())) {
        continue;
      }
      if (i > lastKept + 1) {
        splice.replace(members.get(lastKept + 1).from(), member.from(), NOTHING);
      }
      if (value != null) {
        splice.replace(member.value().from(), member.value().to(), value);
      }
      lastKept = i;
    }
    removeTail(splice, lastKept);
  }

  private void insertMissing(Splice.Builder splice) {
    JsonWriter json = new JsonWriter(128);
    changes.forEach((name, value) -> {
      if (value != null && isNew(name)) {
        json.name(name).raw(value);
      }
    });
    if (json.written().length() > 0) {
      splice.insert(open + 1, json.verbatim(",").written());
    }
  }

  private boolean isNew(String name) {
    return members.stream().noneMatch(member -> member.name().equals(name));
  }

  private void removeTail(Splice.Builder splice, int lastKept) {
    if (lastKept < 0) {
      throw new IllegalStateException("no member of the object would be left");
    }
    if (lastKept < members.size() - 1) {
      splice.replace(members.get(lastKept).value().to(), members.getLast().value().to(), NOTHING);
    }
  }
}
