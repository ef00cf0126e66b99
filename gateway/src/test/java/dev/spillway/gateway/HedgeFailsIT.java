package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import dev.spillway.testkit.json.JsonTree;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A second attempt runs beside a late one, and one of the two fails, or both. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HedgeFailsIT {
  /** No limit that a test waits for. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountDownLatch homeMaySpeak = new CountDownLatch(1);
  private final CountDownLatch partnerMaySpeak = new CountDownLatch(1);

  @RegisterExtension final Providers providers = new Providers(3);

  static Stream<Way> ways() {
    return Way.all();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void waitsForTheLateOneWhereTheOtherFails(Way way) throws Exception {
    providers.home().will(later(homeMaySpeak, Fault.NONE));
    providers.partner().will(Refusals.broken());
    TestHub hub = hedging(3);
    TestClient client = asking(way, hub);

    failed(providers.partner(), hub, 1);
    homeMaySpeak.countDown();

    Told.wholeAnswer(client.receive(), way.body());
    assertThat(turns()).containsExactly(1, 1, 0);
    assertThat(kinds(hub.nextEnded())).containsExactly(Kind.SERVER_ERROR);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void waitsForTheOtherWhereTheLateOneFails(Way way) throws Exception {
    providers.home().will(later(homeMaySpeak, Refusals.broken()));
    providers.partner().will(later(partnerMaySpeak, Fault.NONE));
    TestHub hub = hedging(3);
    TestClient client = asking(way, hub);

    providers.partner().awaitTurn(0);
    homeMaySpeak.countDown();
    failed(providers.home(), hub, 0);
    partnerMaySpeak.countDown();

    Told.wholeAnswer(client.receive(), way.body());
    assertThat(turns()).containsExactly(1, 1, 0);
    assertThat(kinds(hub.nextEnded())).containsExactly(Kind.SERVER_ERROR);
  }

  static Stream<Arguments> refusals() {
    return Way.crossed(Way.all(), List.of(Refusals.filtered(), Refusals.status(422, "said")));
  }

  /** It would be the same there: nobody waits for the other to say so. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusals")
  void passesOnWhatTheLateOneRefusesAndCancelsTheOther(Way way, Fault refusal) throws Exception {
    providers.home().will(later(homeMaySpeak, refusal));
    providers.partner().will(Silences.silent());
    TestHub hub = hedging(3);
    TestClient client = asking(way, hub);

    Turn other = providers.partner().awaitTurn(0);
    homeMaySpeak.countDown();

    assertPassedOn(client.receive(), refusal);
    assertThat(other.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(turns()).containsExactly(1, 1, 0);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusals")
  void passesOnWhatTheOtherRefusesAndCancelsTheLateOne(Way way, Fault refusal) throws Exception {
    providers.home().will(Silences.silent());
    providers.partner().will(refusal);
    TestHub hub = hedging(3);
    TestClient client = asking(way, hub);

    assertPassedOn(client.receive(), refusal);
    assertThat(providers.home().awaitTurn(0).awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(turns()).containsExactly(1, 1, 0);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void asksAThirdWhereBothFail(Way way) throws Exception {
    providers.home().will(later(homeMaySpeak, Refusals.broken()));
    providers.partner().will(Refusals.overloaded());
    TestHub hub = hedging(3);
    TestClient client = asking(way, hub);

    failed(providers.partner(), hub, 1);
    homeMaySpeak.countDown();

    Told.wholeAnswer(client.receive(), way.body());
    assertThat(turns()).containsExactly(1, 1, 1);
    assertThat(kinds(hub.nextEnded())).containsExactly(Kind.OVERLOADED, Kind.SERVER_ERROR);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysSoWhereBothFailForEver(Way way) throws Exception {
    providers.home().will(later(homeMaySpeak, Refusals.broken()));
    providers.partner().will(later(partnerMaySpeak, Refusals.broken()));
    TestHub hub = hedging(2);
    TestClient client = asking(way, hub);

    providers.partner().awaitTurn(0);
    homeMaySpeak.countDown();
    failed(providers.home(), hub, 0);
    partnerMaySpeak.countDown();

    Told.refused(client.receive(), 502);
    assertThat(kinds(hub.nextEnded())).hasSize(3).containsOnly(Kind.SERVER_ERROR);
  }

  /** Of what nobody streams nobody can say that it is late, so all is streamed to this one. */
  private TestHub hedging(int deployments) throws Exception {
    return providers.hub(
        deployments,
        plan ->
            plan.with(HedgeTuning.DEFAULT)
                .beginningWithin(LONG)
                .stallingWithin(LONG)
                .streamingUpstream());
  }

  private TestClient asking(Way way, TestHub hub) throws Exception {
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    return client;
  }

  /** Says nothing, not even a head, until it may. */
  private static Fault later(CountDownLatch maySpeak, Fault fault) {
    return new Fault(
        fault + ", late",
        turn -> {
          maySpeak.await();
          fault.act().play(turn);
        });
  }

  /** Waits until the hub knows that the attempt there failed. */
  private static void failed(FaultyProvider provider, TestHub hub, int deployment)
      throws InterruptedException {
    provider.awaitTurn(0).awaitEnding();
    Until.holds("the hub knows", () -> hub.status(deployment).inFlight() == 0);
  }

  private static void assertPassedOn(ReceivedMessage got, Fault refusal) {
    boolean filtered = refusal.what().startsWith("400");
    assertThat(got.status()).as(got.body()).isEqualTo(filtered ? 400 : 422);
    assertThat(JsonTree.read(got.body()).at("error", "code").text())
        .isEqualTo(filtered ? "content_filter" : "said");
  }

  private List<Integer> turns() {
    return Stream.of(0, 1, 2).map(each -> providers.get(each).turns().size()).toList();
  }

  private static List<Kind> kinds(RequestRecord record) {
    return record.failures().stream().map(each -> each.failure().kind()).toList();
  }
}
