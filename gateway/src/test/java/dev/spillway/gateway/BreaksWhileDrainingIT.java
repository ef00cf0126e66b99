package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.testkit.faulty.Fault;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A provider that fails while the hub goes down: what is under way becomes whole all the same. */
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BreaksWhileDrainingIT {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final int SHOWN_EVENTS = 4;

  private final CountDownLatch mayBreak = new CountDownLatch(1);

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void goesOnElsewhereWithAStreamThatBreaksOff(Way way) throws Exception {
    providers
        .home()
        .will(
            new Fault(
                "breaks off when told",
                turn -> {
                  turn.sendStreamHead();
                  turn.sendEvents(0, SHOWN_EVENTS);
                  mayBreak.await();
                  turn.close();
                }));
    TestHub hub = patient();
    TestClient client = asking(way, hub);
    Until.holds("it has begun", () -> hub.continuations().takenBytes() > 0);

    Thread drain = drain(hub);
    mayBreak.countDown();

    assertBecomesWhole(way, hub, client);
    assertThat(drain.join(GRACE)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void answersFromElsewhereWhereNothingCame(Way way) throws Exception {
    providers
        .home()
        .will(
            new Fault(
                "resets when told",
                turn -> {
                  mayBreak.await();
                  turn.reset();
                }));
    TestHub hub = patient();
    TestClient client = asking(way, hub);
    providers.home().awaitTurn(0);

    Thread drain = drain(hub);
    mayBreak.countDown();

    assertBecomesWhole(way, hub, client);
    assertThat(drain.join(GRACE)).isTrue();
  }

  private void assertBecomesWhole(Way way, TestHub hub, TestClient client) throws Exception {
    Told.wholeAnswer(client.receive(), way.body());
    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
  }

  private TestHub patient() throws Exception {
    return providers.hub(
        2, plan -> plan.speaking("vllm", "vllm").beginningWithin(GRACE).stallingWithin(GRACE));
  }

  private TestClient asking(Way way, TestHub hub) throws Exception {
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    return client;
  }

  /** Begins to drain. */
  private static Thread drain(TestHub hub) {
    Thread drain =
        Thread.startVirtualThread(() -> {
          try {
            hub.gateway().drain(GRACE);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Until.holds("it drains", () -> hub.gateway().isDraining());
    return drain;
  }
}
