package dev.spillway.app.hub;

import static dev.spillway.app.hub.SpillingHub.HOME;
import static dev.spillway.app.hub.SpillingHub.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Turn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Home is well again a moment after a probe failed, when its return takes longest, at the default
 * times: ten seconds until the next, and fifteen in which its share grows.
 */
@Timeout(90)
class BackAfterAnOutageIT {
  private static final int WORDS = 3;
  private static final Duration PROMISED = Duration.ofSeconds(30);

  /** While home is tried rarely, not refusing one request after another. */
  private static final Duration LEFT_ALONE = Duration.ofSeconds(4);

  /** While its share grows, there are not so many one after another. */
  private static final int ALL_OF_THEM = 100;

  /** So that 100 of them take some seconds. */
  private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(50);

  @Test
  void givesHomeAllOfItsTrafficWithinHalfAMinute() throws Exception {
    try (FaultyProvider home = FaultyProvider.start("home");
        FaultyProvider partner = FaultyProvider.start("partner")) {
      home.will(Refusals.status(503, "server_error"));
      try (SpillingHub hub = SpillingHub.before("", home.port(), partner.port())) {
        while (!wasProbed(home)) {
          assertThat(next(hub)).isEqualTo("at-1");
        }
        home.will(Fault.NONE);
        long well = System.nanoTime();

        int inARow = 0;
        while (inARow < ALL_OF_THEM) {
          boolean atHome = next(hub).equals(HOME);
          inARow = atHome ? inARow + 1 : 0;
          Duration since = Duration.ofNanos(System.nanoTime() - well);
          assertThat(atHome || since.compareTo(PROMISED) < 0)
              .as("elsewhere after %s", since)
              .isTrue();
        }
      }
    }
  }

  private static String next(SpillingHub hub) throws Exception {
    Thread.sleep(BETWEEN_REQUESTS);
    return servedBy(hub.send(WORDS));
  }

  private static boolean wasProbed(FaultyProvider home) {
    List<Turn> turns = home.turns();
    return turns.size() > 1
        && turns.getLast().arrivedNanos() - turns.get(turns.size() - 2).arrivedNanos()
            > LEFT_ALONE.toNanos();
  }
}
