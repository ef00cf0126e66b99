package dev.spillway.site.prefix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PromptReaderTest {
  private static final long SALT = 42;
  private static final int BLOCK = PromptPrefix.BLOCK_BYTES;

  private final PromptReader reader = new PromptReader();

  @Test
  void sharesAllWholeBlocksWithTheNextTurnOfAConversation() {
    String first = message("user", words(1, 1_000));
    String next =
        first + "," + message("assistant", words(2, 700)) + "," + message("user", "go on");

    PromptPrefix before = read(chat(first));
    PromptPrefix after = read(chat(next));

    assertThat(before.blocks()).isGreaterThanOrEqualTo(4 * 1_000 / BLOCK - 1);
    assertThat(shared(before, after)).isGreaterThanOrEqualTo(before.blocks() - 1);
    assertThat(after.blocks()).isGreaterThan(before.blocks());
  }

  @Test
  void seesTheSamePromptWhateverElseIsAskedAndInWhichOrder() {
    String messages = message("system", words(1, 300)) + "," + message("user", words(2, 300));

    PromptPrefix one =
        read(
            "{\"model\":\"m\",\"max_tokens\":5,\"tools\":[%s],\"messages\":[%s]}"
                .formatted(tool("a"), messages));
    PromptPrefix other =
        read(
            " { \"messages\" : [%s] ,\n\"stop\":[\"}\\\"\"],\"stream\":true,\"tools\" :[%s],\"n\":1 }"
                .formatted(messages, tool("a")));

    assertThat(shared(one, other)).isEqualTo(one.blocks()).isGreaterThan(8);
  }

  @Test
  void sharesNothingOnceWhatComesBeforeDiffers() {
    String messages = message("user", words(1, 500));

    PromptPrefix one = read("{\"tools\":[%s],\"messages\":[%s]}".formatted(tool("a"), messages));
    PromptPrefix other = read("{\"tools\":[%s],\"messages\":[%s]}".formatted(tool("b"), messages));

    assertThat(shared(one, other)).isZero();
    assertThat(shared(one, read("{\"messages\":[%s]}".formatted(messages)))).isZero();
  }

  @Test
  void sharesUpToTheBlockInWhichTheyDiffer() {
    String same = words(1, 600);

    PromptPrefix one = read(chat(message("user", same + " left " + words(2, 600))));
    PromptPrefix other = read(chat(message("user", same + " right" + words(2, 600))));

    assertThat(shared(one, other)).isBetween(4 * 600 / BLOCK - 1, 4 * 600 / BLOCK + 1);
  }

  @Test
  void sharesNothingUnderAnotherSalt() {
    String body = chat(message("user", words(1, 1_000)));

    PromptPrefix one = reader.read(bytes(body), SALT);
    PromptPrefix other = reader.read(bytes(body), SALT + 1);

    assertThat(one.blocks()).isGreaterThan(8).isEqualTo(other.blocks());
    assertThat(shared(one, other)).isZero();
  }

  @Test
  void findsPromptsInstructionsAndInputsOfTheOtherOperations() {
    String text = words(1, 300);

    assertThat(read("{\"prompt\":\"%s\"}".formatted(text)).blocks()).isGreaterThan(3);
    assertThat(read("{\"input\":\"%s\"}".formatted(text)).blocks()).isGreaterThan(3);
    PromptPrefix one = read("{\"instructions\":\"%s\",\"input\":\"a\"}".formatted(text));
    PromptPrefix other = read("{\"input\":\"b\",\"instructions\":\"%s\"}".formatted(text));
    assertThat(shared(one, other)).isEqualTo(one.blocks()).isGreaterThan(3);
  }

  @Test
  void hasNoPrefixWhereThereIsNoPrompt() {
    for (String body :
        new String[] {
          "",
          " ",
          "{",
          "{\"",
          "{\"messages",
          "{\"messages\"",
          "{\"messages\":",
          "[1]",
          "null",
          "{\"messages\":[]}",
          "{\"model\":\"" + words(1, 300) + "\"}",
          "--form\r\n\r\nmessages",
          "{\"a\\",
          "{\"a\":\"\\",
          "{}}}}}",
          "{\"a\":]]]]}"
        }) {
      assertThat(read(body).blocks()).as(body).isZero();
    }
  }

  @Test
  void isNotFooledByAFieldInsideAnother() {
    String inside = message("user", words(1, 300));

    assertThat(read("{\"metadata\":{\"messages\":[" + inside + "]}}").blocks()).isZero();
  }

  @Test
  void looksNoFurtherThanItSaysHoweverLongTheBodyIs() {
    byte[] long64 = chat(message("user", words(1, 200_000))).getBytes(UTF_8);

    PromptPrefix prefix = reader.read(Unpooled.wrappedBuffer(long64), SALT);

    assertThat(prefix.blocks()).isBetween((128 << 10) / BLOCK - 2, (128 << 10) / BLOCK);
  }

  @Test
  void leavesABodyInPartsAsItIs() {
    byte[] body = chat(message("user", words(1, 500))).getBytes(UTF_8);
    CompositeByteBuf parts = Unpooled.compositeBuffer();
    for (int i = 0; i < body.length; i += 100) {
      parts.addComponent(true, Unpooled.copiedBuffer(body, i, Math.min(100, body.length - i)));
    }

    PromptPrefix prefix = reader.read(parts, SALT);

    assertThat(shared(prefix, reader.read(Unpooled.wrappedBuffer(body), SALT)))
        .isEqualTo(prefix.blocks());
    assertThat(parts.readableBytes()).isEqualTo(body.length);
    parts.release();
  }

  @RepeatedTest(200)
  void survivesWhateverComes(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    String alphabet = "{}[]\":,\\ amesgptu\n\u0000é";
    StringBuilder text = new StringBuilder("{\"messages\":[");
    int length = random.nextInt(600);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    String body = text.substring(random.nextInt(14));

    assertThat(read(body).blocks()).as(body).isBetween(0, length / BLOCK + 1);
  }

  private PromptPrefix read(String body) {
    return reader.read(bytes(body), SALT);
  }

  private static ByteBuf bytes(String body) {
    return Unpooled.copiedBuffer(body, UTF_8);
  }

  private static int shared(PromptPrefix one, PromptPrefix other) {
    int same = 0;
    while (same < Math.min(one.blocks(), other.blocks()) && one.hash(same) == other.hash(same)) {
      same++;
    }
    return same;
  }

  private static String chat(String messages) {
    return "{\"model\":\"m\",\"messages\":[" + messages + "],\"stream\":true}";
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }

  private static String tool(String name) {
    return "{\"type\":\"function\",\"function\":{\"name\":\"%s\",\"description\":\"%s\"}}"
        .formatted(name, words(9, 100));
  }

  /** Four bytes each, no two rows of them alike. */
  private static String words(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(4 * count);
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + random.nextInt(26)));
      text.append((char) ('a' + random.nextInt(26)));
      text.append((char) ('a' + random.nextInt(26)));
      text.append(' ');
    }
    return text.toString();
  }
}
