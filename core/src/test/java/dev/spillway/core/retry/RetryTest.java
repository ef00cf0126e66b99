package dev.spillway.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryTest {
  @ParameterizedTest
  @EnumSource
  void agreesWithTheFailureOnWhetherAnotherMayAnswer(AttemptFailure.Kind kind) {
    AttemptFailure failure = new AttemptFailure(kind, "asked home", null);

    assertThat(Elsewhere.after(kind) != Elsewhere.NOWHERE)
        .isEqualTo(failure.worthAnotherDeployment());
  }

  @ParameterizedTest
  @EnumSource
  void blamesNoDeploymentForWhatTheClientCanHelp(AttemptFailure.Kind kind) {
    AttemptFailure failure = new AttemptFailure(kind, "asked home", null);

    assertThat(failure.clientCanHelp() && failure.blamesDeployment()).isFalse();
  }

  @Test
  void spendsItsReserveAndThenWhatRequestsEarn() {
    AttemptBudget budget = new AttemptBudget(0.2, 10);
    for (int i = 0; i < 10; i++) {
      assertThat(budget.tryPay()).isTrue();
    }
    assertThat(budget.tryPay()).isFalse();

    for (int i = 0; i < 5; i++) {
      budget.earn();
    }

    assertThat(budget.tryPay()).isTrue();
    assertThat(budget.tryPay()).isFalse();
  }

  @Test
  void savesNoMoreThanItsReserve() {
    AttemptBudget budget = new AttemptBudget(0.2, 10);
    for (int i = 0; i < 10_000; i++) {
      budget.earn();
    }

    int paid = 0;
    while (budget.tryPay()) {
      paid++;
    }

    assertThat(paid).isEqualTo(10);
  }
}
