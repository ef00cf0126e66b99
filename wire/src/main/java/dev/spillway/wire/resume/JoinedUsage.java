package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
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
import java.util.ArrayList;
import java.util.List;

/**
 * The usage of a whole answer, from that of its last part.
 *
 * <pre>
 * input  = what the first provider counted, if it did; else max(1, input of the part - resent)
 * output = resent + output of the part
 * cached = min(cached of the part, input)
 * </pre>
 *
 * Resent are the output tokens before the part: they were input of the part, but are billed to the
 * client once, as output. Details stay as the part tells them.
 *
 * <p>If the providers before counted in their streams, input and output up to where they broke off,
 * all of it is theirs. If not, resent is our estimate, and so is the whole: how it is split into
 * input and output, that is. Where no input was told either, their sum is the part's own, and so
 * exact. What is an estimate is marked as one, as the usage is that no provider told.
 */
final class JoinedUsage {
  private static final ByteSlice NOTHING_YET = ByteSlice.of("{\"total_tokens\":0}");
  private static final byte[] CACHED = ascii("cached_tokens");

  private final long resent;
  private final long providerInput;
  private final Usage.Source source;

  /** For a part that begins now. */
  JoinedUsage(Shown shown) {
    this.resent = shown.generatedTokens();
    this.providerInput = shown.providerInputTokens();
    this.source = shown.isCounted() ? Usage.Source.PROVIDER : Usage.Source.ESTIMATED;
  }

  /** As it is billed. */
  Usage of(ChunkFacts facts) {
    Usage part = facts.usage();
    long input = providerInput > 0 ? providerInput : Math.max(1, part.inputTokens() - resent);
    long cached = Math.min(part.cachedTokens(), input);
    return new Usage(input, cached, resent + part.outputTokens(), source);
  }

  /** Whether it will be an estimate. */
  boolean isEstimate() {
    return source == Usage.Source.ESTIMATED;
  }

  /** As it is written: the part's object with the numbers of {@code whole}. */
  static ByteSlice written(ByteSlice part, Usage whole) {
    Splice.Builder splice = new Splice.Builder(part.length());
    try {
      List<Member> members = members(part, whole, splice);
      if (members.isEmpty()) {
        return written(NOTHING_YET, whole);
      }
      ObjectEdit edit = new ObjectEdit(0, members);
      edit.put("prompt_tokens", number(whole.inputTokens()));
      edit.put("completion_tokens", number(whole.outputTokens()));
      edit.put("total_tokens", number(whole.inputTokens() + whole.outputTokens()));
      edit.applyTo(splice);
    } catch (MalformedJson e) {
      throw new IllegalStateException("a usage that was read before", e);
    }
    return ByteSlice.of(splice.build().apply(part));
  }

  private static List<Member> members(ByteSlice part, Usage whole, Splice.Builder splice)
      throws MalformedJson {
    List<Member> members = new ArrayList<>(6);
    JsonCursor cursor = new JsonCursor();
    cursor.reset(part).beginObject();
    while (cursor.nextMember()) {
      String name = cursor.name();
      int nameAt = cursor.namePosition();
      int from = cursor.position();
      if (name.equals("prompt_tokens_details") && cursor.kind() == JsonKind.OBJECT) {
        details(cursor, whole, splice);
      } else {
        cursor.skip();
      }
      members.add(new Member(name, nameAt, new Span(from, cursor.endOfValue())));
    }
    return members;
  }

  private static void details(JsonCursor cursor, Usage whole, Splice.Builder splice)
      throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      boolean isCached = cursor.nameIs(CACHED) && cursor.kind() == JsonKind.NUMBER;
      int from = cursor.position();
      cursor.skip();
      if (isCached) {
        splice.replace(from, cursor.endOfValue(), number(whole.cachedTokens()));
      }
    }
  }

  private static ByteSlice number(long value) {
    return new JsonWriter(20).value(value).written();
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
