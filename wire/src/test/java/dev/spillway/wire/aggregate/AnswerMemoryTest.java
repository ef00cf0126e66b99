package dev.spillway.wire.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.aggregate.AnswerMemory.Share;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
  private static final TenantId ONE = new TenantId("team-a");
  private static final TenantId OTHER = new TenantId("team-b");
  private static final int MEMORY = 64 << 20;
  private static final int ANSWER = 1 << 20;

  private final AnswerMemory memory = new AnswerMemory(MEMORY);

  @Test
  void holdsAnAnswerOfAnotherTenantHoweverManyOneHas() {
    int held = 0;
    while (memory.share(ONE).takes(ANSWER)) {
      held++;
    }

    assertThat(held).isBetween(54, 57);
    assertThat(memory.refused()).isEqualTo(1);
    assertThat(memory.share(OTHER).takes(ANSWER)).isTrue();
  }

  @Test
  void holdsOneAnswerHoweverLong() {
    Share share = memory.share(ONE);
    for (int taken = 0; taken < MEMORY; taken += ANSWER) {
      assertThat(share.takes(ANSWER)).as("after %d bytes", taken).isTrue();
    }

    share.close();
    share.close();

    assertThat(memory.takenBytes()).isZero();
  }

  @Test
  void countsNothingOfAShortAnswer() {
    Share share = new AnswerMemory(0).share(ONE);

    assertThat(share.takes(AnswerMemory.UNCOUNTED_BYTES)).isTrue();
    assertThat(share.isCounted()).isFalse();
    assertThat(share.takes(1)).isFalse();
  }
}
