package dev.spillway.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RefusalBackoffTest {
  private static final long SECOND = 1_000_000_000;

  private final RefusalBackoff backoff = new RefusalBackoff(RetryTuning.DEFAULT);

  @Test
  void waitsTwiceAsLongEachTimeUpToItsMost() {
    long now = 0;
    for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      assertThat(backoff.refused(now, 0, 0, now)).isEqualTo(seconds * SECOND);
      now += seconds * SECOND;
    }
  }

  @Test
  void spreadsTheWaitsOfSeveralOverHalfAsLongAgain() {
    List<Long> waits =
        LongStream.range(0, 100)
            .map(each -> backoff.refused(-SECOND, 0, each, 0))
            .sorted()
            .boxed()
            .toList();

    assertThat(waits.getFirst()).isEqualTo(SECOND);
    assertThat(waits.getLast()).isBetween(SECOND + SECOND * 48 / 100, SECOND + SECOND / 2);
    for (int i = 1; i < waits.size(); i++) {
      assertThat(waits.get(i) - waits.get(i - 1)).isBetween(1L, SECOND / 50);
    }
  }

  @Test
  void takesThoseThatWereOnTheirWayTogetherForOne() {
    for (int i = 0; i < 5; i++) {
      backoff.refused(0, 0, 0, SECOND + i);
    }

    assertThat(backoff.refused(2 * SECOND, 0, 0, 2 * SECOND)).isEqualTo(2 * SECOND);
  }

  @Test
  void countsAtLeastWhatTheRequestItselfWasRefused() {
    assertThat(backoff.refused(0, 2, 0, 0)).isEqualTo(4 * SECOND);
  }

  @Test
  void beginsAnewAfterAnAcceptedAttempt() {
    backoff.refused(0, 0, 0, 0);
    backoff.refused(SECOND, 0, 0, SECOND);

    backoff.accepted(2 * SECOND);

    assertThat(backoff.refused(3 * SECOND, 0, 0, 3 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void goesOnAfterAnAcceptedAttemptThatWasSentBefore() {
    backoff.refused(0, 0, 0, SECOND);

    backoff.accepted(0);

    assertThat(backoff.refused(2 * SECOND, 0, 0, 2 * SECOND)).isEqualTo(2 * SECOND);
  }
}
