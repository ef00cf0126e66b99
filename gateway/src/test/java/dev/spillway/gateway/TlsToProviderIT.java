package dev.spillway.gateway;

import static dev.spillway.gateway.Way.crossed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that speak TLS, as all do that are not on one's own network. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsToProviderIT {
  /** More than TLS carries in one record, of which a request and an answer need several then. */
  private static final int LONG = 60_000;

  /** More than the kernel holds of what nobody reads. */
  private static final int UPLOAD = 16 << 20;

  /** Much less than an idle connection is kept. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  @TempDir private static Path folder;
  private static Authority authority;
  private static SSLContext olderServer;

  @RegisterExtension final Providers providers = Providers.secured(2, () -> authority.server());

  @BeforeAll
  static void certify() throws Exception {
    authority = Authority.make(folder);
    olderServer = authority.server(Authority.THIS_HOST, Authority.IN_DATE, "TLSv1.2");
  }

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void carriesOneRequestAfterAnotherOnOneConnection(Way way) throws Exception {
    TestHub hub = hub(1);
    TestClient client = providers.client(way, hub);

    for (int i = 0; i < 3; i++) {
      client.send(Requests.chat(way.body()));
      Told.wholeAnswer(client.receive(), way.body());
      assertThat(hub.nextEnded().failures()).isEmpty();
      providers.home().awaitTurn(i).awaitEnding();
    }

    assertThat(providers.home().turns()).extracting(Turn::onConnection).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void speaksTheVersionBeforeTheLast(Way way) throws Exception {
    FaultyProvider older = providers.addSecured(olderServer);
    TestHub hub = providers.hubBefore(this::secured, older.port());
    TestClient client = providers.client(way, hub);

    for (int i = 0; i < 2; i++) {
      client.send(Requests.chat(way.body()));
      Told.wholeAnswer(client.receive(), way.body());
      hub.nextEnded();
      older.awaitTurn(i).awaitEnding();
    }

    assertThat(older.turns()).extracting(Turn::onConnection).containsExactly(1, 2);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void carriesWhatIsLongerThanARecord(Way way) throws Exception {
    TestHub hub = hub(1);
    String prompt = "abcdefghij".repeat(LONG / 10);
    String body = way.body().replace("Say 9 words", prompt + " Say 2000 words");

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns().getFirst().body()).contains(prompt + " Say 2000 words");
  }

  /** Any machine may be busy once; a hub that is late is so every time. */
  @ParameterizedTest
  @MethodSource("streamed")
  void isClosedWithinATenthOfASecondWhenTheClientLeaves(Way way) throws Exception {
    providers.home().will(Silences.stallsAfter(2));
    TestHub hub = hub(1, plan -> plan.stallingWithin(Duration.ofSeconds(30)));
    List<Duration> late = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      TestClient client = providers.client(way, hub);
      client.send(Requests.chat(way.body()));
      client.receiveUntil("delta");
      long leftNanos = System.nanoTime();
      client.leave();
      Turn turn = providers.home().awaitTurn(i);
      assertThat(turn.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
      late.add(Duration.ofNanos(turn.endedNanos() - leftNanos));
    }

    assertThat(late).anyMatch(each -> each.compareTo(Duration.ofMillis(100)) < 0);
  }

  /** What TLS has to say at the end would wait behind the rest of the request. */
  @Test
  void isSentNoMoreWhenTheClientLeavesThoughItReadsNothing() throws Exception {
    String form = Forms.of(Forms.MODEL, Forms.file("file", "0123456789".repeat(UPLOAD / 10)));
    try (UnreadingProvider slow = new UnreadingProvider(authority.server())) {
      TestHub hub =
          providers.hubBefore(
              plan ->
                  plan.with(GatewayPlan.usual().bodies(1 << 20, 4L * UPLOAD).config())
                      .over(authority.trusting()),
              slow.port());
      TestClient client = providers.client(new Way(Protocol.HTTP_1_1, Way.Form.WHOLE), hub);
      client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));
      slow.awaitRequest();
      client.leave();
      hub.nextEnded();
      Still.forAMoment();

      assertThat(slow.readRest()).isLessThan(form.length());
    }
  }

  static Stream<Arguments> stale() {
    return crossed(
        Way.all(), List.of(Cuts.whereIdleBefore(Cuts.Way.FIN), Cuts.whereIdleBefore(Cuts.Way.RST)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("stale")
  void isAskedOnceMoreOnAFreshConnectionWhereTheOneBeforeWasStale(Way way, Fault fault)
      throws Exception {
    providers.home().will(fault);
    TestHub hub = hub(2);
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    Told.wholeAnswer(client.receive(), way.body());
    hub.nextEnded();
    providers.home().awaitTurn(0).awaitEnding();

    client.send(Requests.chat(way.body()));
    Told.wholeAnswer(client.receive(), way.body());

    assertThat(hub.nextEnded().failures()).isEmpty();
    assertThat(providers.home().turns()).extracting(Turn::onConnection).containsExactly(1, 2, 1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  /** It could still be written to, but who said goodbye may read nothing any more. */
  @ParameterizedTest
  @MethodSource("ways")
  void sendsNothingMoreOnAConnectionWhoseProviderSaidGoodbye(Way way) throws Exception {
    providers
        .home()
        .will(
            new Fault(
                "answers and says goodbye",
                turn -> {
                  turn.answer();
                  turn.endOutput();
                }),
            Fault.NONE);
    TestHub hub = hub(1);
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    Told.wholeAnswer(client.receive(), way.body());
    providers.home().awaitTurn(0).awaitEnding();
    long endedNanos = System.nanoTime();

    Until.holds("the hub closed its side, too", () -> providers.home().openConnections() == 0);

    assertThat(Duration.ofNanos(System.nanoTime() - endedNanos)).isLessThan(AT_ONCE);
    client.send(Requests.chat(way.body()));
    Told.wholeAnswer(client.receive(), way.body());
    assertThat(providers.home().turns()).extracting(Turn::onConnection).containsExactly(1, 1);
  }

  /** One loop, so that a client's next request finds the connection that served the one before. */
  private TestHub hub(int deployments) throws Exception {
    return hub(deployments, plan -> plan);
  }

  private TestHub hub(int deployments, UnaryOperator<HubPlan> change) throws Exception {
    return providers.hub(deployments, plan -> change.apply(secured(plan)));
  }

  private HubPlan secured(HubPlan plan) {
    return plan.with(TestHub.small(1 << 20, 2L << 20)).over(authority.trusting());
  }
}
