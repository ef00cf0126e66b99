package dev.spillway.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.policy.CompiledPolicy.Cap;
import dev.spillway.core.policy.CompiledPolicy.Meter;
import dev.spillway.core.policy.Period;
import dev.spillway.core.pricing.SpendMeters.Amounts;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpendMetersTest {
  private static final ProviderId ORACLE = new ProviderId("oracle");
  private static final ProviderId MICROSOFT = new ProviderId("microsoft");
  private static final Meter METER = new Meter(ORACLE, Period.MONTH);
  private static final long JUNE = Instant.parse("2026-06-15T12:00:00Z").getEpochSecond();
  private static final long JULY = Instant.parse("2026-07-01T00:00:00Z").getEpochSecond();
  private static final Cap THOUSAND = new Cap(new ClauseId("cap"), 0, new NanoUsd(1_000), 1);
  private static final Cap A_QUARTER = new Cap(new ClauseId("share"), 0, null, 0.25);

  private final SpendMeters meters = new SpendMeters(List.of(METER));

  @Test
  void countsReservationsBeforeAnythingIsPaid() {
    meters.reserve(ORACLE, new Amounts(900, 10), JUNE);

    assertThat(meters.allows(THOUSAND, 100, 1, JUNE)).isTrue();
    assertThat(meters.allows(THOUSAND, 101, 1, JUNE)).isFalse();
    assertThat(meters.spentNanoUsd(0, JUNE)).isZero();
  }

  @Test
  void putsTheTruthInThePlaceOfTheEstimate() {
    meters.reserve(ORACLE, new Amounts(900, 10), JUNE);

    meters.settle(ORACLE, new Amounts(900, 10), new Amounts(300, 4), JUNE);

    assertThat(meters.spentNanoUsd(0, JUNE)).isEqualTo(300);
    assertThat(meters.allows(THOUSAND, 700, 1, JUNE)).isTrue();
  }

  @Test
  void takesWhatCostsNothingThoughMoreWasSpentThanTheCapAllows() {
    meters.reserve(ORACLE, new Amounts(900, 10), JUNE);
    meters.settle(ORACLE, new Amounts(900, 10), new Amounts(1_001, 10), JUNE);

    assertThat(meters.allows(THOUSAND, 0, 1, JUNE)).isTrue();
    assertThat(meters.allows(THOUSAND, 1, 1, JUNE)).isFalse();
  }

  @Test
  void countsOnlyItsOwnProvidersMoney() {
    meters.reserve(MICROSOFT, new Amounts(900, 10), JUNE);
    meters.settle(MICROSOFT, new Amounts(900, 10), new Amounts(900, 10), JUNE);

    assertThat(meters.spentNanoUsd(0, JUNE)).isZero();
  }

  @Test
  void startsAgainWithThePeriodButKeepsWhatIsUnderWay() {
    meters.reserve(ORACLE, new Amounts(600, 1), JUNE);
    meters.settle(ORACLE, new Amounts(600, 1), new Amounts(600, 1), JUNE);
    meters.reserve(ORACLE, new Amounts(300, 1), JUNE);

    assertThat(meters.spentNanoUsd(0, JULY)).isZero();
    assertThat(meters.allows(THOUSAND, 700, 1, JULY)).isTrue();
    assertThat(meters.allows(THOUSAND, 701, 1, JULY)).isFalse();

    meters.settle(ORACLE, new Amounts(300, 1), new Amounts(250, 1), JULY);
    assertThat(meters.spentNanoUsd(0, JULY)).isEqualTo(250);
  }

  @Test
  void holdsAProvidersShareOfTheOutput() {
    meters.reserve(MICROSOFT, new Amounts(0, 300), JUNE);

    assertThat(meters.allows(A_QUARTER, 0, 100, JUNE)).isTrue();
    assertThat(meters.allows(A_QUARTER, 0, 101, JUNE)).isFalse();
  }

  /** Of 400 tokens in July the provider made 100; less than was expected of what June began. */
  @Test
  void countsTokensInThePeriodInWhichTheyAreSettled() {
    meters.reserve(ORACLE, new Amounts(0, 1_000), JUNE);
    assertThat(meters.allows(A_QUARTER, 0, 1, JULY)).as("they are under way").isFalse();

    meters.settle(ORACLE, new Amounts(0, 1_000), new Amounts(0, 100), JULY);
    meters.reserve(MICROSOFT, new Amounts(0, 300), JULY);
    meters.settle(MICROSOFT, new Amounts(0, 300), new Amounts(0, 300), JULY);

    assertThat(meters.allows(A_QUARTER, 0, 0, JULY)).isTrue();
    assertThat(meters.allows(A_QUARTER, 0, 1, JULY)).isFalse();
  }

  @Test
  void aShareOfNothingIsNothing() {
    assertThat(meters.allows(A_QUARTER, 0, 10, JUNE)).isFalse();
  }

  @Test
  void goesOnCountingUnderAnotherPolicy() {
    meters.reserve(ORACLE, new Amounts(400, 1), JUNE);
    Meter another = new Meter(MICROSOFT, Period.DAY);

    SpendMeters next = meters.successor(List.of(another, METER));
    meters.settle(ORACLE, new Amounts(400, 1), new Amounts(400, 1), JUNE);

    assertThat(next.spentNanoUsd(1, JUNE)).isEqualTo(400);
    assertThat(next.spentNanoUsd(0, JUNE)).isZero();
  }
}
