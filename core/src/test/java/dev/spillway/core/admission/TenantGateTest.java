package dev.spillway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.TenantLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TenantGateTest {
  private static final long SECOND = 1_000_000_000;
  private static final long NOW = -17 * SECOND;

  @Test
  void turnsAwayTheRequestBeyondItsConcurrency() {
    TenantGate gate = new TenantGate(new TenantLimits(1_000, 1_000_000, 2));
    gate.enter(10, NOW);
    gate.enter(10, NOW);

    assertThat(reason(gate.enter(10, NOW))).isEqualTo(Admission.Reason.TOO_MANY_IN_FLIGHT);
    gate.leave(10, 10, NOW);
    assertThat(gate.enter(10, NOW)).isEqualTo(Admission.Admitted.ADMITTED);
  }

  @Test
  void turnsAwayTheRequestBeyondItsRateAndSaysWhenToComeBack() {
    TenantGate gate = new TenantGate(new TenantLimits(60, 1_000_000, 1_000));
    for (int i = 0; i < 60; i++) {
      assertThat(gate.enter(1, NOW)).isEqualTo(Admission.Admitted.ADMITTED);
    }

    assertThat(gate.enter(1, NOW))
        .isEqualTo(
            new Admission.Rejected(Admission.Reason.REQUEST_RATE_EXCEEDED, Duration.ofSeconds(1)));
    assertThat(gate.enter(1, NOW + SECOND)).isEqualTo(Admission.Admitted.ADMITTED);
  }

  @Test
  void takesNothingOfARequestThatItTurnsAway() {
    TenantGate gate = new TenantGate(new TenantLimits(2, 1_000, 10));
    gate.enter(900, NOW);
    for (int i = 0; i < 10; i++) {
      assertThat(reason(gate.enter(500, NOW))).isEqualTo(Admission.Reason.TOKEN_RATE_EXCEEDED);
    }

    assertThat(gate.inFlight()).isEqualTo(1);
    assertThat(gate.enter(100, NOW)).isEqualTo(Admission.Admitted.ADMITTED);
  }

  @Test
  void settlesTheTruthWhenARequestLeaves() {
    TenantGate gate = new TenantGate(new TenantLimits(1_000, 1_000, 10));
    gate.enter(1_000, NOW);

    gate.leave(1_000, 200, NOW);

    assertThat(gate.enter(800, NOW)).isEqualTo(Admission.Admitted.ADMITTED);
    assertThat(reason(gate.enter(1, NOW))).isEqualTo(Admission.Reason.TOKEN_RATE_EXCEEDED);
  }

  @Test
  void itsSuccessorKnowsWhatIsTaken() {
    TenantGate gate = new TenantGate(new TenantLimits(1_000, 1_000, 10));
    gate.enter(800, NOW);
    gate.enter(0, NOW);

    TenantGate next = gate.successor(new TenantLimits(1_000, 2_000, 2));

    assertThat(reason(next.enter(0, NOW))).isEqualTo(Admission.Reason.TOO_MANY_IN_FLIGHT);
    gate.leave(0, 0, NOW);
    assertThat(reason(next.enter(401, NOW)))
        .as("four fifths of the minute are used")
        .isEqualTo(Admission.Reason.TOKEN_RATE_EXCEEDED);
    assertThat(next.enter(400, NOW)).isEqualTo(Admission.Admitted.ADMITTED);
    assertThat(next.successor(new TenantLimits(1_000, 2_000, 2))).isSameAs(next);
  }

  @Test
  void turnsOutNoMoreThanThereAreTooMany() {
    TenantGate gate = new TenantGate(new TenantLimits(2, 100, 2));
    gate.enter(100, NOW);
    gate.enter(0, NOW);

    assertThat(gate.turnsOut()).as("its rates are used up").isNull();
    TenantGate lower = gate.successor(new TenantLimits(2, 100, 1));
    assertThat(lower.turnsOut()).isNotNull();
    assertThat(lower.turnsOut()).as("one is left").isNull();
    gate.leaveTurnedOut(100, 0, NOW);
    gate.leave(0, 0, NOW);
    assertThat(gate.inFlight()).isZero();
    assertThat(lower.enter(100, NOW + 60 * SECOND)).isEqualTo(Admission.Admitted.ADMITTED);
  }

  @Test
  void takesMoreThanThereIsForThoseWhoAreIn() {
    TenantGate gate = new TenantGate(new TenantLimits(1_000, 1_000, 10));
    gate.enter(900, NOW);

    gate.takeMore(600, NOW);

    assertThat(reason(gate.enter(1, NOW + 30 * SECOND)))
        .isEqualTo(Admission.Reason.TOKEN_RATE_EXCEEDED);
    assertThat(gate.enter(1, NOW + 31 * SECOND)).isEqualTo(Admission.Admitted.ADMITTED);
  }

  @Test
  void nobodyLeavesWhoDidNotEnter() {
    TenantGate gate = new TenantGate(TenantLimits.NONE);

    assertThatThrownBy(() -> gate.leave(1, 1, NOW)).isInstanceOf(IllegalStateException.class);
  }

  private static Admission.Reason reason(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Rejected.class);
    return ((Admission.Rejected) admission).reason();
  }
}
