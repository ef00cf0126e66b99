package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.Tuning;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Turn;
import dev.spillway.testkit.json.JsonTree;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that say no: because they are full, ill, or filter. */
class ProviderRefusesIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int LONGER_CONTEXT = 131_072;
  private static final int SHORTER_CONTEXT = 8_192;

  private static final String FLEX = "\"service_tier\":\"flex\"";

  @RegisterExtension final Providers providers = new Providers(4);

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Arguments> full() {
    return crossed(
        Refusals.fullForSeconds(60),
        Refusals.fullForMillis(60_000),
        Refusals.fullUntil(MINUTE),
        Refusals.full());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("full")
  void answersFromThePartnerAtOnceAndLeavesHomeAloneWhenHomeIsFull(Way way, Fault fault)
      throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(2);
    String body = way.body();

    for (int i = 0; i < 3; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(3);
  }

  static Stream<Arguments> withoutRoomForFlex() {
    return crossed(
        Refusals.fullForSeconds(60),
        Refusals.full(),
        Refusals.status(408, "request_timeout", "Retry-After: 60"));
  }

  /** Else one tenant's cheap requests keep everybody's away. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("withoutRoomForFlex")
  void asksForOthersAtOnceWhereThereIsNoRoomForFlex(Way way, Fault fault) throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    JsonTree told = Told.refused(providers.ask(way, hub, way.body(FLEX)), 429);
    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(told.at("param").text()).isEqualTo("service_tier");
    assertThat(providers.home().turns()).hasSize(2);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("withoutRoomForFlex")
  void answersFlexFromThePartnerAndOthersFromHome(Way way, Fault fault) throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(2);
    String flex = way.body(FLEX);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, flex), flex);
    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(2);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  static Stream<Arguments> withoutEnd() {
    return crossed(
        Refusals.withoutEnd(503, "overloaded"),
        Refusals.withoutEnd(429, "rate_limit_exceeded", "Retry-After: 60"),
        Refusals.cut(429, "rate_limit_exceeded", Cuts.Way.FIN, "Retry-After: 60"),
        Refusals.cut(503, "overloaded", Cuts.Way.RST));
  }

  /** Its status says that it is none: nobody waits for the rest of its words. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("withoutEnd")
  void answersFromThePartnerThoughARefusalDoesNotEnd(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body, withinMillis(4_000)), body);

    assertThat(providers.partner().turns()).hasSize(1);
    Until.holds("the connection is closed", () -> providers.home().openConnections() == 0);
  }

  static Stream<Arguments> clientsFault() {
    return crossed(
        Refusals.cut(400, "invalid_value", Cuts.Way.FIN),
        Refusals.withoutEnd(400, "invalid_value"));
  }

  /** Else one client's bad request takes one deployment after the other out of rotation. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("clientsFault")
  void blamesNobodyForABadRequestThoughTheRefusalDoesNotEnd(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.body()).contains("invalid_value");
    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  /** Longer than the one is left alone that does not say for how long: 1 to 1.5 s. */
  static Stream<Arguments> fullForAMoment() {
    return crossed(Refusals.fullForMillis(1_600), Refusals.fullForSeconds(2));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("fullForAMoment")
  void asksNobodyAtTheOnlyOneBeforeTheTimeItAskedForAndThenEverybody(Way way, Fault fault)
      throws Exception {
    long askedNanos = fault.what().contains("1600") ? 1_600_000_000L : 2_000_000_000L;
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ReceivedMessage> first = clients.submit(asking(way, hub, body));
      Turn refused = providers.home().awaitTurn(0);
      refused.awaitEnding();
      Until.holds("the hub knows", () -> hub.status(0).inFlight() == 0);
      List<Future<ReceivedMessage>> others = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        others.add(clients.submit(asking(way, hub, body)));
      }

      Told.wholeAnswer(first.get(), body);
      for (Future<ReceivedMessage> each : others) {
        Told.wholeAnswer(each.get(), body);
      }

      List<Turn> turns = providers.home().turns();
      assertThat(turns).hasSize(10);
      assertThat(turns.stream().skip(1))
          .allMatch(turn -> turn.arrivedNanos() - refused.arrivedNanos() >= askedNanos);
    }
  }

  @Test
  void waitsForTheDateThatTheOnlyOneAskedFor() throws Exception {
    providers.home().will(Refusals.fullUntil(Duration.ofSeconds(3)), Fault.NONE);
    TestHub hub = providers.hub(1);
    Way way = Way.whole().findFirst().orElseThrow();
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    List<Turn> turns = providers.home().turns();
    assertThat(turns).hasSize(2);
    long waited = turns.get(1).arrivedNanos() - turns.getFirst().arrivedNanos();
    // The date is in whole seconds, so that it may be up to one earlier; undated it is 1 to 1.5 s.
    assertThat(Duration.ofNanos(waited)).isGreaterThanOrEqualTo(Duration.ofMillis(1_950));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isBackAtFullRateWhenTheTimeIsOver(Way way) throws Exception {
    providers.home().will(Refusals.fullForMillis(300), Fault.NONE);
    TestHub hub = providers.hub(2);
    String body = way.body();
    Told.wholeAnswer(providers.ask(way, hub, body), body);
    long over = System.nanoTime() + 300_000_000L; // the hub knew before it answered
    Until.holds("the time is over", () -> System.nanoTime() - over > 0);

    for (int i = 0; i < 8; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().turns()).hasSize(9);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysWhenToComeBackIfTheTimeAskedForIsTooLate(Way way) throws Exception {
    providers.home().will(Refusals.fullForSeconds(60));
    TestHub hub = providers.hub(1);

    ReceivedMessage got = providers.ask(way, hub, way.body(), withinMillis(300));

    Told.refused(got, 429, 503);
    Told.comeBackIn(got, Duration.ofSeconds(50), Duration.ofSeconds(61));
    assertThat(providers.home().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void triesTheOnlyOneOnceMoreAfterA500(Way way) throws Exception {
    providers.home().will(Refusals.broken(), Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void triesTheOnlyOneOnceMoreWhenTheTimeIsOverThatA503AskedFor(Way way) throws Exception {
    providers.home().will(Refusals.status(503, "overloaded", "retry-after-ms: 400"), Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    List<Turn> turns = providers.home().turns();
    assertThat(turns).hasSize(2);
    assertThat(turns.get(1).arrivedNanos() - turns.getFirst().arrivedNanos())
        .isGreaterThanOrEqualTo(400_000_000L);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void endsWithTheProvidersErrorWhenTheOnlyOneIsOverloadedForEver(Way way) throws Exception {
    providers.home().will(Refusals.overloaded());
    TestHub hub = providers.hub(1);

    Told.refused(providers.ask(way, hub, way.body()), 503);

    assertThat(providers.home().turns()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void stopsAskingOneThatIsOverloadedForEver(Way way) throws Exception {
    providers.home().will(Refusals.overloaded());
    TestHub hub = providers.hub(2, plan -> plan.with(lazyBreaker(plan)));
    String body = way.body();

    for (int i = 0; i < 30; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().turns()).hasSizeBetween(2, 15);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void triesALongerContextOnceWhereThereIsOne(Way way) throws Exception {
    providers.home().will(Refusals.contextTooLong());
    TestHub hub = providers.hub(2, plan -> plan.taking(SHORTER_CONTEXT, LONGER_CONTEXT));
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void passesOnThatTheContextIsTooLongWhereNobodyTakesMore(Way way) throws Exception {
    providers.home().will(Refusals.contextTooLong());
    TestHub hub = providers.hub(2, plan -> plan.taking(LONGER_CONTEXT, LONGER_CONTEXT));

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(got.status()).isEqualTo(400);
    assertThat(code(got)).isEqualTo("context_length_exceeded");
    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  static Stream<Arguments> wrongRequests() {
    return crossed(
        Refusals.status(400, "said of 400"),
        Refusals.status(413, "said of 413"),
        Refusals.status(422, "said of 422"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wrongRequests")
  void passesOnWhatIsWrongWithTheRequestUnderItsStatus(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(1);

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(got.status()).hasToString(fault.what());
    assertThat(code(got)).isEqualTo("said of " + fault.what());
    assertThat(providers.home().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void passesARefusalOfTheContentFilterOnAsItIs(Way way) throws Exception {
    providers.home().will(Refusals.filtered());
    TestHub hub = providers.hub(2);

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(got.status()).isEqualTo(400);
    JsonTree told = JsonTree.read(got.body()).at("error");
    JsonTree said = JsonTree.read(Refusals.FILTERED).at("error");
    for (String field : List.of("message", "param", "code", "innererror")) {
      assertThat(told.at(field)).as(field).isEqualTo(said.at(field));
    }
    assertThat(told.at("type").text()).isEqualTo("invalid_request_error");
    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  static Stream<Arguments> filters() {
    return crossed(
        Refusals.status(403, "content_filter"),
        Refusals.status(400, "content_policy_violation"),
        Refusals.status(400, "moderation_blocked"),
        Refusals.answers(
            400, "{\"error\":{\"message\":\"no\",\"type\":\"content_filter\",\"code\":\"400\"}}"),
        Refusals.answers(
            200, "{\"error\":{\"message\":\"no\",\"code\":\"content_policy_violation\"}}"));
  }

  /** Whatever the status: it is no fault of our configuration, and nobody else is asked. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("filters")
  void asksNobodyElseWhateverAFilterCallsItself(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);

    for (int i = 0; i < 2; i++) {
      ReceivedMessage got = providers.ask(way, hub, way.body());
      assertThat(got.status()).isEqualTo(400);
    }

    assertThat(providers.home().turns()).as("in rotation").hasSize(2);
    assertThat(providers.partner().turns()).isEmpty();
  }

  private Callable<ReceivedMessage> asking(Way way, TestHub hub, String body) {
    return () -> askOnce(way, hub, body);
  }

  private static ReceivedMessage askOnce(Way way, TestHub hub, String body) throws IOException {
    try (TestClient client = way.protocol().connect(hub)) {
      client.send(Requests.chat(body));
      return client.receive();
    }
  }

  private static Tuning lazyBreaker(HubPlan plan) {
    return Providers.holdingDownFor(plan.tuning(), MINUTE);
  }

  private static String withinMillis(long millis) {
    return "x-spillway-timeout-ms: " + millis;
  }

  private static String code(ReceivedMessage got) {
    return JsonTree.read(got.body()).at("error", "code").text();
  }

  private static Stream<Arguments> crossed(Fault... faults) {
    return Way.all().flatMap(way -> Stream.of(faults).map(fault -> Arguments.of(way, fault)));
  }
}
