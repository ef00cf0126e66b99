package dev.spillway.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StableHashTest {
  private static final int LENGTH = 200;

  @Test
  void everyBitOfATextCounts() {
    byte[] text = text();
    Set<Long> seen = new HashSet<>(Set.of(hash(text, LENGTH)));
    for (int bit = 0; bit < LENGTH * 8; bit++) {
      text[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(seen.add(hash(text, LENGTH))).as("bit %s", bit).isTrue();
      text[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void everyLengthCounts() {
    byte[] zeros = new byte[LENGTH];
    Set<Long> seen = new HashSet<>();
    for (int length = 0; length <= LENGTH; length++) {
      assertThat(seen.add(hash(zeros, length))).as("length %s", length).isTrue();
    }
  }

  @Test
  void whatStandsWhereCounts() {
    byte[] text = text();
    byte[] swapped = text.clone();
    System.arraycopy(text, 0, swapped, 8, 8);
    System.arraycopy(text, 8, swapped, 0, 8);
    assertThat(hash(swapped, LENGTH)).isNotEqualTo(hash(text, LENGTH));
  }

  @Test
  void whereATextLiesDoesNotCount() {
    byte[] text = text();
    byte[] around = new byte[LENGTH + 7];
    System.arraycopy(text, 0, around, 5, LENGTH);
    assertThat(StableHash.of(new ByteSlice(around, 5, LENGTH), 0, LENGTH))
        .isEqualTo(hash(text, LENGTH));
  }

  private static long hash(byte[] text, int length) {
    return StableHash.of(new ByteSlice(text, 0, length), 0, length);
  }

  private static byte[] text() {
    byte[] text = new byte[LENGTH];
    new Random(1).nextBytes(text);
    return text;
  }
}
