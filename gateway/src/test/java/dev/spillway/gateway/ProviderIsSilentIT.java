package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that cannot be reached, or that are and say nothing of the answer. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProviderIsSilentIT {
  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  static Stream<Way> whole() {
    return Way.whole();
  }

  static Stream<Arguments> endsBeforeHead() {
    return Way.all()
        .flatMap(way ->
            Stream.of(
                    Cuts.beforeHead(Cuts.Way.FIN),
                    Cuts.beforeHead(Cuts.Way.RST),
                    Cuts.insideHead(Cuts.Way.FIN),
                    Cuts.insideHead(Cuts.Way.RST))
                .map(fault -> Arguments.of(way, fault)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void answersFromThePartnerWhereNobodyListensAtHome(Way way) throws Exception {
    TestHub hub =
        providers.hubBefore(plan -> plan, FaultyProvider.closedPort(), providers.partner().port());
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysSoWhereNobodyListensAnywhere(Way way) throws Exception {
    TestHub hub = providers.hubBefore(plan -> plan, FaultyProvider.closedPort());

    Told.refused(providers.ask(way, hub, way.body()), 502, 503);

    assertThat(hub.nextEnded().failures()).hasSize(2);
  }

  /** It is tried again after a second; it listens long before. */
  @ParameterizedTest
  @MethodSource("ways")
  void triesTheOnlyOneOnceMoreWhereNobodyListened(Way way) throws Exception {
    int port = FaultyProvider.closedPort();
    Duration backoff = Duration.ofSeconds(1);
    TestHub hub =
        providers.hubBefore(
            plan -> plan.with(Providers.tryingAgainAfter(plan.tuning(), backoff)), port);
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    long refused = System.nanoTime() + 200_000_000L;
    Until.holds("nobody was found", () -> System.nanoTime() - refused > 0);

    try (FaultyProvider late =
        FaultyProvider.start("late", InetAddress.getLoopbackAddress(), port)) {
      Told.wholeAnswer(client.receive(), way.body());

      assertThat(late.turns()).hasSize(1);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("endsBeforeHead")
  void answersFromThePartnerWhereTheConnectionEndsBeforeAHead(Way way, Fault fault)
      throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void triesTheOnlyOneOnceMoreWhereItResetBeforeAHead(Way way) throws Exception {
    providers.home().will(Cuts.beforeHead(Cuts.Way.RST), Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(2);
  }

  static Stream<Arguments> stale() {
    return Way.crossed(Way.all(), Stream.of(Cuts.Way.values()).map(Cuts::whereIdleBefore).toList());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("stale")
  void blamesNobodyForAConnectionThatWasStale(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = oneLoop(2);
    String body = way.body();
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(body));
    Told.wholeAnswer(client.receive(), body);
    hub.nextEnded();
    providers.home().awaitTurn(0).awaitEnding();

    client.send(Requests.chat(body));
    Told.wholeAnswer(client.receive(), body);

    assertThat(hub.nextEnded().failures()).isEmpty();
    assertThat(providers.home().turns()).hasSize(3);
    assertThat(providers.home().connections()).isEqualTo(2);
    assertThat(providers.partner().turns()).isEmpty();
  }

  static Stream<Arguments> silences() {
    Duration often = Duration.ofMillis(50);
    return Way.streamed()
        .flatMap(way ->
            Stream.of(
                    Silences.silent(),
                    Silences.headOnly(),
                    Silences.stallsAfter(1),
                    Silences.heartbeatsAfter(0, often),
                    Silences.heartbeatsAfter(1, often),
                    Silences.late(Duration.ofSeconds(5)))
                .map(fault -> Arguments.of(way, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("silences")
  void leavesOneThatSaysNothingOfTheAnswerForThePartner(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    Turn late = providers.home().awaitTurn(0);
    assertThat(late.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void givesOneThatDoesNotStreamItsDeadlineAndNoMore(Way way) throws Exception {
    providers.home().will(Silences.silent());
    TestHub hub = providers.hub(2);

    ReceivedMessage got = providers.ask(way, hub, way.body(), "x-spillway-timeout-ms: 400");

    Told.refused(got, 504);
    assertThat(providers.home().awaitTurn(0).awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.FAILED);
  }

  /** The alarms of requests before are set still, the attempts' for sooner than the requests'. */
  @ParameterizedTest
  @MethodSource("whole")
  void blamesNobodyWhereADeadlinePasses(Way way) throws Exception {
    TestHub hub = oneLoop(2);
    Way streamed = new Way(way.protocol(), Way.Form.STREAMED);
    bothWill(Silences.late(Duration.ofMillis(100)));
    for (TestClient each : sent(streamed, hub, "x-spillway-timeout-ms: 1000")) {
      Told.wholeAnswer(each.receive(), streamed.body());
      hub.nextEnded();
    }
    bothWill(Silences.silent());

    for (TestClient each : sent(way, hub, "x-spillway-timeout-ms: 1500")) {
      Told.refused(each.receive(), 504);
      assertThat(hub.nextEnded().failures()).isEmpty();
    }
  }

  private void bothWill(Fault fault) {
    providers.home().will(fault);
    providers.partner().will(fault);
  }

  private List<TestClient> sent(Way way, TestHub hub, String timeout) throws IOException {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      TestClient client = providers.client(way, hub);
      client.send(Requests.post(Requests.CHAT, way.body(), Requests.AUTHORIZED, timeout));
      clients.add(client);
    }
    return clients;
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void takesReasoningForASignOfLife(Way way) throws Exception {
    Duration each = Providers.LIMIT.dividedBy(3);
    int thoughts = 4;
    providers.home().will(Silences.slowly(each, 1 + thoughts));
    TestHub hub = providers.hub(2);
    String body = way.body("\"reasoning_effort\":\"high\"");

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().awaitTurn(0).awaitEnding()).isEqualTo(Turn.Ending.PLAYED);
    assertThat(providers.partner().turns())
        .allMatch(turn -> turn.ending() == Turn.Ending.CANCELLED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void asksThePartnerBesideOneThatIsLateAndCancelsTheLoser(Way way) throws Exception {
    providers.home().will(Silences.late(Duration.ofSeconds(5)));
    TestHub hub = hedging();
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().awaitTurn(0).awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(hub.nextEnded().failures()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void takesTheLateAnswerIfItComesFirstAndCancelsTheOther(Way way) throws Exception {
    providers.home().will(Silences.late(Duration.ofMillis(400)));
    providers.partner().will(Silences.silent());
    TestHub hub = hedging();
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().awaitTurn(0).awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(hub.nextEnded().failures()).isEmpty();
  }

  /** Of what nobody streams nobody can say that it is late, so all is streamed to this one. */
  private TestHub hedging() throws Exception {
    return providers.hub(
        2,
        plan ->
            plan.with(HedgeTuning.DEFAULT)
                .beginningWithin(Duration.ofSeconds(8))
                .streamingUpstream());
  }

  private TestHub oneLoop(int deployments) throws Exception {
    return providers.hub(deployments, plan -> plan.with(TestHub.small(1 << 20, 2L << 20)));
  }
}
