package dev.spillway.wire.chat;

import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the top-level fields of a body are, so that they can be changed without touching the rest.
 *
 * @param bodyLength the body's length, in bytes
 * @param open position of the brace that opens the body
 * @param members the fields, in the order of the body; at least one
 * @param includeUsage where the value of {@code stream_options.include_usage} is; null if absent
 */
public record Fields(int bodyLength, int open, List<Member> members, @Nullable Span includeUsage) {
  /** Copies the list. */
  public Fields {
    members = List.copyOf(members);
  }

  /** The field of that name; null if the body has none. */
  public @Nullable Member find(String name) {
    for (Member member : members) {
      if (member.name().equals(name)) {
        return member;
      }
    }
    return null;
  }
}
