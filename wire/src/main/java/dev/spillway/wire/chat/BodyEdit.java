package dev.spillway.wire.chat;

import dev.spillway.wire.chat.Fields.Member;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.Splice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final ByteSlice NOTHING = ByteSlice.of("");

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
    Splice.Builder splice = new Splice.Builder(body.length());
    insertMissing(splice);
    List<Member> members = request.fields().members();
    int lastKept = -1;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (isRemoved(member)) {
        continue;
      }
      closeGap(splice, members, lastKept, i);
      ByteSlice value = changes.get(member.name());
      if (value != null) {
        splice.replace(member.value().from(), member.value().to(), value);
      } else if (includeUsage && member.name().equals(STREAM_OPTIONS)) {
        forceUsage(splice, member.value());
      }
      lastKept = i;
    }
    closeEnd(splice, members, lastKept);
    return splice.build();
  }

  private boolean isRemoved(Member member) {
    return changes.containsKey(member.name()) && changes.get(member.name()) == null;
  }

  private void insertMissing(Splice.Builder splice) {
    int at = request.fields().open() + 1;
    JsonWriter json = new JsonWriter(128);
    changes.forEach(
        (name, value) -> {
          if (value != null && request.fields().find(name) == null) {
            json.name(name).raw(value);
          }
        });
    if (includeUsage && request.fields().find(STREAM_OPTIONS) == null) {
      json.name(STREAM_OPTIONS).raw(INCLUDE_USAGE);
    }
    if (json.written().length() > 0) {
      splice.insert(at, json.verbatim(",").written());
    }
  }

  /** Takes out what lies between two fields that stay, the first comma excepted. */
  private static void closeGap(Splice.Builder splice, List<Member> all, int lastKept, int next) {
    if (next > lastKept + 1) {
      splice.replace(all.get(lastKept + 1).from(), all.get(next).from(), NOTHING);
    }
  }

  private static void closeEnd(Splice.Builder splice, List<Member> all, int lastKept) {
    if (lastKept < 0) {
      throw new IllegalStateException("no field of the body would be left");
    }
    if (lastKept < all.size() - 1) {
      splice.replace(all.get(lastKept).value().to(), all.getLast().value().to(), NOTHING);
    }
  }

  private void forceUsage(Splice.Builder splice, Span options) {
    Span asked = request.fields().includeUsage();
    if (asked != null) {
      splice.replace(asked.from(), asked.to(), TRUE);
    } else if (isObject(options)) {
      splice.insert(options.from() + 1, isEmptyObject(options) ? USAGE_ALONE : USAGE_FIRST);
    } else {
      splice.replace(options.from(), options.to(), INCLUDE_USAGE);
    }
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
