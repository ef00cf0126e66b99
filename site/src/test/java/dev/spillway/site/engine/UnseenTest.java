package dev.spillway.site.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnseenTest {
  private static final double RATE = 1_000;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void isReadAtTheRateOfTheEngine() {
    Unseen sent = Unseen.NONE.sent(2_000, RATE, 0);

    assertThat(sent.left(RATE, 0)).isEqualTo(2_000);
    assertThat(sent.left(RATE, SECOND)).isEqualTo(1_000);
    assertThat(sent.left(RATE, 3 * SECOND)).isZero();
  }

  @Test
  void isReadOneAfterTheOther() {
    Unseen both = Unseen.NONE.sent(2_000, RATE, 0).sent(500, RATE, SECOND);

    assertThat(both.left(RATE, SECOND)).isEqualTo(1_500);
    assertThat(both.left(RATE, 2 * SECOND)).isEqualTo(500);
  }

  @Test
  void isReadFromNowOnIfNothingWasLeft() {
    Unseen later = Unseen.NONE.sent(2_000, RATE, 0).sent(500, RATE, 10 * SECOND);

    assertThat(later.left(RATE, 10 * SECOND)).isEqualTo(500);
  }

  @Test
  void leavesNothingOfWhatHasEnded() {
    Unseen both = Unseen.NONE.sent(2_000, RATE, 0).sent(500, RATE, 0);

    assertThat(both.ended(2_000, RATE, 0).left(RATE, 0)).isEqualTo(500);
    assertThat(both.ended(2_000, RATE, 0).ended(500, RATE, 0).left(RATE, 0)).isZero();
  }

  @Test
  void isThereToTheEndIfNobodyKnowsTheRate() {
    Unseen sent = Unseen.NONE.sent(2_000, 0, 0);

    assertThat(sent.left(0, 9 * SECOND)).isEqualTo(2_000);
    assertThat(sent.ended(2_000, 0, 9 * SECOND).left(0, 9 * SECOND)).isZero();
  }
}
