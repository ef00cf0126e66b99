package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Silences;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of two deployments each is down or full: who probes, who is turned away, and until when. */
class AllDownIT {
  private static final int ENOUGH_TO_OPEN = 20;
  private static final int LOOPS = 4;
  private static final int REQUESTS = 4 * LOOPS;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final String WITHIN_2_S = "x-spillway-timeout-ms: " + DEADLINE.toMillis();

  /** A hold-down within which nothing of a test happens. */
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Way> ways() {
    return Way.all();
  }

  /** The probes take as long as they may, which nobody else waits for. */
  @ParameterizedTest
  @MethodSource("ways")
  void probesEachWithOneRequestAndTurnsTheOthersAwayAtOnce(Way way) throws Exception {
    Duration holdDown = Duration.ofSeconds(1);
    TestHub hub = hub(holdDown);
    takeDown(way, hub, Fault.NONE, 0, 1);
    long down = System.nanoTime();
    providers.home().will(Silences.silent());
    providers.partner().will(Silences.silent());
    Until.holds("both may be probed", () -> since(down).compareTo(holdDown) > 0);

    List<Duration> took = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> refused = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        refused.add(clients.submit(() -> untilRefused(way, hub)));
      }
      for (Future<Duration> each : refused) {
        took.add(each.get());
      }
    }

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
    List<Duration> fastest = took.stream().sorted().toList();
    assertThat(fastest.get(REQUESTS - 3)).as("all but two").isLessThan(DEADLINE.dividedBy(2));
    assertThat(fastest.get(REQUESTS - 2)).as("the probes").isGreaterThan(DEADLINE.dividedBy(2));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysWhenTheFirstMayBeBackWhereHomeIsDownForLonger(Way way) throws Exception {
    TestHub hub = hub(LONG);
    takeDown(way, hub, Fault.NONE, 0);
    long asked = System.nanoTime();
    providers.partner().will(Refusals.fullForSeconds(7));
    Told.refused(providers.ask(way, hub, way.body(), WITHIN_2_S), 429);

    ReceivedMessage got = providers.ask(way, hub, way.body(), WITHIN_2_S);

    Told.refused(got, 429, 503);
    Told.comeBackIn(got, Duration.ofSeconds(7).minus(since(asked)), Duration.ofSeconds(7));
    assertThat(providers.home().turns()).isEmpty();
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysWhenTheFirstMayBeBackWhereHomeIsFullForLonger(Way way) throws Exception {
    TestHub hub = hub(LONG);
    long begun = System.nanoTime();
    takeDown(way, hub, Refusals.fullForSeconds(60), 1);
    Duration roundedUp = Duration.ofSeconds(1);

    ReceivedMessage got = providers.ask(way, hub, way.body(), WITHIN_2_S);

    Told.refused(got, 429, 503);
    Told.comeBackIn(got, LONG.minus(since(begun)), LONG.plus(roundedUp));
    assertThat(providers.partner().turns()).isEmpty();
  }

  private TestHub hub(Duration holdDown) throws IOException, InterruptedException {
    GatewayConfig config = GatewayPlan.usual().loops(LOOPS).config();
    return providers.hub(
        2,
        plan ->
            plan.with(config)
                .with(Providers.holdingDownFor(plan.tuning(), holdDown))
                .beginningWithin(Duration.ofSeconds(30)));
  }

  /** Fails these until their breakers are open, while any other does this. */
  private void takeDown(Way way, TestHub hub, Fault other, int... which) throws IOException {
    providers.home().will(other);
    providers.partner().will(other);
    for (int each : which) {
      providers.get(each).will(Cuts.beforeHead(Cuts.Way.RST));
    }
    for (int i = 0; i < ENOUGH_TO_OPEN && !areOpen(hub, which); i++) {
      assertThat(providers.ask(way, hub, way.body(), WITHIN_2_S).whole()).isTrue();
    }
    assertThat(areOpen(hub, which)).isTrue();
    for (int each : which) {
      providers.get(each).will(Fault.NONE);
    }
  }

  private static boolean areOpen(TestHub hub, int... which) {
    for (int each : which) {
      if (hub.status(each).breaker() != BreakerState.OPEN) {
        return false;
      }
    }
    return true;
  }

  private Duration untilRefused(Way way, TestHub hub) throws IOException {
    long asked = System.nanoTime();
    Told.refused(providers.ask(way, hub, way.body(), WITHIN_2_S), 429, 503, 504);
    return since(asked);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
