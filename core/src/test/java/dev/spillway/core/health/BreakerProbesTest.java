package dev.spillway.core.health;

import static dev.spillway.core.health.Breaker.Ruling.LETS_THROUGH;
import static dev.spillway.core.health.Breaker.Ruling.STOPS;
import static dev.spillway.core.health.Breaker.Ruling.WANTS_A_PROBE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A probe that says nothing, and what comes after it: here it goes at 6 s, 10 s before another. */
class BreakerProbesTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long SENT = 6 * SECOND;
  private static final long LIMIT = BreakerTuning.DEFAULT.probeLimit().toNanos();
  private static final long NEXT = SENT + LIMIT + 10 * MILLI;

  private final Breaker breaker = new Breaker(BreakerTuning.DEFAULT);

  @BeforeEach
  void probed() {
    for (int i = 0; i < 3; i++) {
      breaker.unreachable(new Attempt(false, 0), 0);
    }
    assertThat(breaker.tryProbe(1, SENT)).isTrue();
  }

  @Test
  void anotherMayGoWhenTheLimitOfTheFirstIsOver() {
    assertThat(breaker.rule(2, SENT + LIMIT - 10 * MILLI)).isEqualTo(STOPS);
    assertThat(breaker.tryProbe(2, SENT + LIMIT - 10 * MILLI)).isFalse();
    assertThat(breaker.rule(2, NEXT)).isEqualTo(WANTS_A_PROBE);
    assertThat(breaker.tryProbe(2, NEXT)).isTrue();
    assertThat(breaker.tryProbe(3, NEXT)).isFalse();
  }

  @Test
  void saysWhenAnotherMayGo() {
    for (long seconds = 0; seconds < LIMIT / SECOND; seconds++) {
      assertThat(breaker.opensInNanos(SENT + seconds * SECOND))
          .as("after " + seconds + " s")
          .isCloseTo(LIMIT - seconds * SECOND, within(2 * MILLI));
    }
  }

  /** While a probe is awaited, and where the last one failed. */
  @Test
  void saysZeroJustWhereSomethingMayGo() {
    for (long now = SENT; now < 40 * SECOND; now += 7 * MILLI) {
      assertThat(breaker.opensInNanos(now) == 0)
          .as("at " + now)
          .isEqualTo(breaker.rule(1, now) != STOPS);
      if (breaker.tryProbe(1, now) && now > NEXT + SECOND) {
        breaker.failed(new Attempt(true, now), now);
      }
    }
  }

  @Test
  void aStreamedOneIsGoneBeforeTheNext() {
    assertThat(breaker.probeNanos()).isBetween(LIMIT / 2, LIMIT - SECOND / 2);
  }

  @Test
  void allTrafficIsBackWithin30SecondsThoughAProbeWasSwallowed() {
    breaker.failed(new Attempt(true, SENT), SENT + breaker.probeNanos());

    assertThat(breaker.tryProbe(2, NEXT)).isTrue();
    breaker.answered(new Attempt(true, NEXT), NEXT + SECOND);

    assertThat(LongStream.range(0, 1_000))
        .allMatch(n -> breaker.rule(n, SENT + 30 * SECOND) == LETS_THROUGH);
  }

  @Test
  void theNextGoesAtOnceWhereOneFailedAfterTheTimeBetweenTwo() {
    breaker.failed(new Attempt(true, SENT), SENT + LIMIT - 10 * MILLI);

    assertThat(breaker.rule(2, SENT + LIMIT - 10 * MILLI)).isEqualTo(STOPS);
    assertThat(breaker.rule(2, NEXT)).isEqualTo(WANTS_A_PROBE);
  }

  @Test
  void ofTwoTheLaterDecidesWhereTheEarlierFails() {
    breaker.tryProbe(2, NEXT);

    breaker.failed(new Attempt(true, SENT), NEXT + SECOND);
    breaker.unreachable(new Attempt(true, SENT), NEXT + SECOND);
    assertThat(breaker.rule(3, NEXT + SECOND)).isEqualTo(STOPS);
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);

    breaker.answered(new Attempt(true, NEXT), NEXT + 2 * SECOND);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void noThirdGoesBecauseTheClientOfTheEarlierOfTwoLeft() {
    breaker.tryProbe(2, NEXT);

    breaker.learntNothing(new Attempt(true, SENT), NEXT + SECOND);

    assertThat(breaker.rule(3, NEXT + SECOND)).isEqualTo(STOPS);
  }

  @Test
  void anEarlierOneThatIsAnsweredAfterAllIsAnAnswer() {
    breaker.tryProbe(2, NEXT);

    breaker.answered(new Attempt(true, SENT), NEXT + SECOND);

    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  private record Attempt(boolean isProbe, long sentNanos) implements Sent {}
}
