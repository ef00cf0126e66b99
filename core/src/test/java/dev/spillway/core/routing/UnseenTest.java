package dev.spillway.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnseenTest {
  private static final long SECOND = 1_000_000_000;
  private static final double RATE = 1_000;

  private final Load load = new Load();

  @Test
  void readsOnePromptAfterTheOther() {
    load.sentUnseen(2_000, RATE, 0);
    load.sentUnseen(3_000, RATE, SECOND);

    assertThat(unread(SECOND)).isEqualTo(4_000);
    assertThat(unread(5 * SECOND)).isZero();
  }

  @Test
  void readsNoMoreOfOneThatHasEnded() {
    load.sentUnseen(2_000, RATE, 0);
    long readAt = load.sentUnseen(3_000, RATE, 0);

    load.endedUnseen(3_000, readAt, RATE, SECOND);

    assertThat(unread(SECOND)).isEqualTo(1_000);
  }

  @Test
  void takesNothingBackForOneThatWasReadLongAgo() {
    long readAt = load.sentUnseen(2_000, RATE, 0);
    load.sentUnseen(3_000, RATE, 10 * SECOND);

    load.endedUnseen(2_000, readAt, RATE, 11 * SECOND);

    assertThat(unread(11 * SECOND)).isEqualTo(2_000);
  }

  @Test
  void isEmptyWhenNothingIsUnderWay() {
    long first = load.sentUnseen(50_000, RATE, 0);
    long second = load.sentUnseen(50_000, RATE, 0);

    load.endedUnseen(50_000, second, RATE, SECOND);
    load.endedUnseen(50_000, first, 10 * RATE, 2 * SECOND);

    assertThat(unread(2 * SECOND)).isZero();
  }

  /** However much faster it is believed to be all of a sudden. */
  @Test
  void isNeverMoreThanWhatIsUnderWay() {
    load.sentUnseen(2_000, RATE, 0);

    assertThat(load.unseen().unreadTokens(1_000 * RATE, 0)).isEqualTo(2_000);
  }

  private long unread(long nowNanos) {
    return load.unseen().unreadTokens(RATE, nowNanos);
  }
}
