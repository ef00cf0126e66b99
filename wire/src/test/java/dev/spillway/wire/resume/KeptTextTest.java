package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.json.ByteSlice;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class KeptTextTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private final ContinuationMemory memory = new ContinuationMemory(64 << 20);
  private final KeptText text = new KeptText(memory.share(TENANT));

  @RepeatedTest(50)
  void holdsWhatCameInOrder(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    StringBuilder expected = new StringBuilder();

    while (expected.length() < 100_000) {
      int most = random.nextInt(8) == 0 ? 20_000 : 40;
      String piece = piece(random, random.nextInt(most));
      assertThat(append("((" + piece + "))", 2, 2 + piece.length())).isTrue();
      expected.append(piece);
      if (random.nextInt(200) == 0) {
        assertThat(text.whole().toString()).isEqualTo(expected.toString());
      }
    }

    assertThat(text.whole().toString()).isEqualTo(expected.toString());
    assertThat(text.length()).isEqualTo(expected.length());
  }

  @Test
  void isPaidForWithLittleMoreThanItsLength() {
    for (int i = 0; i < 100_000; i++) {
      append("word", 0, 4);
    }

    assertThat(memory.takenBytes()).isBetween(400_000L, 400_000L + (8 << 10));
  }

  @Test
  void doesNotChangeWhatItHasTold() {
    append("one", 0, 3);
    ByteSlice told = text.whole();

    append(" two".repeat(1_000), 0, 4_000);

    assertThat(told.toString()).isEqualTo("one");
    assertThat(text.whole().toString()).startsWith("one two two");
  }

  @Test
  void keepsNoPartOfWhatThereIsNoMemoryFor() {
    KeptText poor = new KeptText(new ContinuationMemory(128 << 10).share(TENANT));
    byte[] first = "x".repeat(1_000).getBytes(US_ASCII);

    assertThat(poor.append(first, 0, first.length)).isTrue();
    assertThat(poor.append(first, 0, first.length)).isFalse();

    assertThat(poor.whole().toString()).isEqualTo("x".repeat(1_000));
  }

  @Test
  void givesAllOfItsMemoryBackAndBeginsAnew() {
    append("x".repeat(50_000), 0, 50_000);
    append("y", 0, 1);

    text.clear();

    assertThat(memory.takenBytes()).isZero();
    assertThat(text.length()).isZero();
    append("z", 0, 1);
    assertThat(text.whole().toString()).isEqualTo("z");
  }

  private boolean append(String source, int from, int to) {
    return text.append(source.getBytes(US_ASCII), from, to);
  }

  private static String piece(Random random, int length) {
    StringBuilder piece = new StringBuilder();
    for (int i = 0; i < length; i++) {
      piece.append((char) ('a' + random.nextInt(26)));
    }
    return piece.toString();
  }
}
