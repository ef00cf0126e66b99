package dev.spillway.wire.json;

import java.util.ArrayList;
import java.util.List;
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
  private final List<Change> changes = new ArrayList<>(8);

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

  /** What becomes of one member; they are few, so that looking through them beats a map. */
  private record Change(String name, @Nullable ByteSlice value) {}

  /** Sets a member to a value that is JSON already. */
  public void put(String name, ByteSlice json) {
    change(new Change(name, json));
  }

  /** Takes a member out, if it is there. */
  public void remove(String name) {
    change(new Change(name, null));
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
      Change change = changeOf(member.name());
      ByteSlice value = change == null ? null : change.value();
      if (value == null && change != null) {
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
    for (Change change : changes) {
      ByteSlice value = change.value();
      if (value != null && isNew(change.name())) {
        json.name(change.name()).raw(value);
      }
    }
    if (json.written().length() > 0) {
      splice.insert(open + 1, json.verbatim(",").written());
    }
  }

  private boolean isNew(String name) {
    for (Member member : members) {
      if (member.name().equals(name)) {
        return false;
      }
    }
    return true;
  }

  private void change(Change next) {
    for (int i = 0; i < changes.size(); i++) {
      if (changes.get(i).name().equals(next.name())) {
        changes.set(i, next);
        return;
      }
    }
    changes.add(next);
  }

  private @Nullable Change changeOf(String name) {
    for (Change change : changes) {
      if (change.name().equals(name)) {
        return change;
      }
    }
    return null;
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
