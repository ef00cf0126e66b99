package dev.spillway.site.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.site.identity.RenewalPlan.Validity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenewalPlanTest {
  private static final Instant MADE = Instant.parse("2026-11-28T12:00:00Z");
  private static final long SECOND = 1_000_000_000L;

  private final RenewalPlan plan = new RenewalPlan();

  /** As an authority makes them: they begin an hour before. */
  @ParameterizedTest
  @ValueSource(strings = {"PT5M", "PT1H", "PT2H", "PT24H", "P30D"})
  void asksAfterAThirdOfItsLifeHoweverLongThatIs(Duration life) {
    Validity fresh = madeFor(life);
    Instant third = MADE.plus(life.dividedBy(3));

    assertThat(fresh.due()).isEqualTo(third);
    assertThat(plan.asks(fresh, third.minusMillis(1), 0)).isFalse();
    assertThat(plan.asks(fresh, third, 0)).isTrue();
  }

  @Test
  void asksInTimeForOneThatDoesNotBeginEarlier() {
    Validity fresh = new Validity(MADE, MADE.plus(Duration.ofMinutes(30)));

    assertThat(fresh.due()).isEqualTo(MADE.plus(Duration.ofMinutes(10)));
  }

  @Test
  void asksAgainEveryMinuteWhileNobodyAnswers() {
    Validity old = madeFor(Duration.ofHours(24));
    Instant late = MADE.plus(Duration.ofHours(9));

    assertThat(plan.asks(old, late, 0)).isTrue();
    assertThat(plan.asks(old, late, 59 * SECOND)).isFalse();
    assertThat(plan.asks(old, late, 60 * SECOND)).isTrue();
  }

  @Test
  void leavesATwentiethOfALifeBetweenTwoThatWereSignedThoughTheClockIsWrong() {
    Validity fresh = madeFor(Duration.ofHours(1));
    Instant wrong = MADE.plus(Duration.ofDays(1));
    assertThat(plan.asks(fresh, wrong, 0)).isTrue();

    plan.renewed(fresh, 0);

    assertThat(plan.asks(fresh, wrong, 179 * SECOND)).isFalse();
    assertThat(plan.asks(fresh, wrong, 180 * SECOND)).isTrue();
  }

  @Test
  void leavesAMinuteBetweenTwoThatAreShort() {
    Validity fresh = madeFor(Duration.ofMinutes(5));
    Instant wrong = MADE.plus(Duration.ofDays(1));
    assertThat(plan.asks(fresh, wrong, 0)).isTrue();

    plan.renewed(fresh, 0);

    assertThat(plan.asks(fresh, wrong, 59 * SECOND)).isFalse();
    assertThat(plan.asks(fresh, wrong, 60 * SECOND)).isTrue();
  }

  private static Validity madeFor(Duration life) {
    return new Validity(MADE.minus(Duration.ofHours(1)), MADE.plus(life));
  }
}
