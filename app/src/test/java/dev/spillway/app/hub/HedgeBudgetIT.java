package dev.spillway.app.hub;

import static dev.spillway.app.hub.SpillingHub.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Silences;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Home is late for everybody: a partner is asked beside it for a few of them. */
class HedgeBudgetIT {
  private static final int REQUESTS = 60;

  /** Each is late long before that, and all are sent before the first is answered. */
  private static final Duration LATE = Duration.ofSeconds(3);

  @Test
  void runsSecondAttemptsForTheShareThatIsBudgeted() throws Exception {
    int reserve = HedgeTuning.DEFAULT.hedgesInReserve();
    int earned = (int) (HedgeTuning.DEFAULT.hedgesPerRequest() * REQUESTS);
    try (FaultyProvider home = FaultyProvider.start("home");
        FaultyProvider partner = FaultyProvider.start("partner")) {
      home.will(Silences.late(LATE));
      try (SpillingHub hub = SpillingHub.before("", home.port(), partner.port())) {
        int elsewhere = 0;
        for (var each : hub.sendAll(REQUESTS, 3)) {
          elsewhere += servedBy(each).equals(SpillingHub.HOME) ? 0 : 1;
        }

        assertThat(home.turns()).hasSize(REQUESTS);
        assertThat(elsewhere).isBetween(reserve, reserve + earned);
        assertThat(partner.turns()).hasSize(elsewhere);
      }
    }
  }
}
