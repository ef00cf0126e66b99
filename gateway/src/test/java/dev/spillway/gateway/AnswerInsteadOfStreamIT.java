package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.json.JsonTree;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes with status 200 where something else was asked for: an error means what it would mean
 * with its own status, a page is tried again once, and a whole answer becomes the stream.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnswerInsteadOfStreamIT {
  private static final String USAGE = "\"stream_options\":{\"include_usage\":true}";
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\"}}]";

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  static Stream<Arguments> brokenOnce() {
    return crossed(
        Garbage.html(),
        Garbage.plainText(),
        Garbage.empty(),
        Garbage.errorWith200(),
        Garbage.errorWith200("503"),
        Garbage.errorWith200("nobody_knows_this"),
        Garbage.errorInPlaceOfEvents(),
        Garbage.error(0),
        Garbage.flatError(0, "{\"error\":\"it broke\"}"),
        Garbage.flatError(0, "{\"detail\":\"it broke\"}"),
        Garbage.malformed(0),
        Cuts.after(0, Cuts.Way.FIN),
        Cuts.after(0, Cuts.Way.RST),
        Cuts.endsAfter(0));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("brokenOnce")
  void triesTheOnlyOneOnceMoreAsAfterA500(Way way, Fault fault) throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(2);
  }

  static Stream<Arguments> full() {
    return crossed(
        Garbage.errorWith200("rate_limit_exceeded", "Retry-After: 60"),
        Garbage.errorWith200("429"),
        Garbage.error(0, "429"),
        Garbage.flatError(0, "{\"code\":\"429\",\"message\":\"slowly\"}"),
        Garbage.flatError(0, "{\"message\":\"slowly\",\"type\":\"RateLimitError\"}"),
        Garbage.flatError(0, "{\"error\":\"slowly\",\"code\":429}"),
        Garbage.flatError(0, "{\"detail\":{\"message\":\"slowly\",\"code\":429}}"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("full")
  void leavesHomeAloneThatSaysThatItIsFull(Way way, Fault fault) throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(2);
    String body = way.body();

    for (int i = 0; i < 2; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(2);
    // Of two connections, whose loops tell their ends in any order.
    assertThat(List.of(hub.nextEnded(), hub.nextEnded()))
        .flatExtracting(RequestRecord::failures)
        .extracting(failed -> failed.failure().kind())
        .containsExactly(Kind.RATE_LIMITED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void asksTheOnlyOneAgainWhenTheTimeIsOverThatItAskedFor(Way way) throws Exception {
    providers
        .home()
        .will(Garbage.errorWith200("rate_limit_exceeded", "retry-after-ms: 1600"), Fault.NONE);
    TestHub hub = providers.hub(1);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(2);
    long waited =
        providers.home().turns().get(1).arrivedNanos()
            - providers.home().turns().getFirst().arrivedNanos();
    assertThat(waited).as("unasked it is 1 to 1.5 s").isGreaterThanOrEqualTo(1_600_000_000L);
  }

  static Stream<Arguments> refusals() {
    return crossed(
        Garbage.errorWith200("content_filter"),
        Garbage.error(0, "content_filter"),
        Garbage.flatError(0, "{\"message\":\"no\",\"code\":\"content_filter\"}"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusals")
  void passesARefusalOnAndAsksNobodyElse(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(got.status()).isEqualTo(400);
    assertThat(JsonTree.read(got.body()).at("error", "code").text()).isEqualTo("content_filter");
    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void takesAWrongCredentialForOne(Way way) throws Exception {
    providers.home().will(Garbage.errorWith200("invalid_api_key"));
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertFailures(hub.nextEnded(), Kind.MISCONFIGURED);
    assertThat(hub.status(0).misconfigured()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void goesOnElsewhereWhereHomeBecomesFullInMidAnswer(Way way) throws Exception {
    providers.home().will(Garbage.error(4, "rate_limit_exceeded"));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body(USAGE);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertFailures(hub.nextEnded(), Kind.RATE_LIMITED);
    Told.wholeAnswer(providers.ask(way, hub, body), body);
    assertThat(providers.home().turns()).as("it is full").hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void takesAFlatErrorInMidAnswerForWhatItSays(Way way) throws Exception {
    String full = "{\"object\":\"error\",\"message\":\"slowly\",\"code\":429}";
    providers.home().will(Garbage.flatError(4, full));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertFailures(hub.nextEnded(), Kind.RATE_LIMITED);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void goesOnNowhereWithWhatAFilterRefusesInMidAnswer(Way way) throws Exception {
    providers.home().will(Garbage.error(4, "content_filter"));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body();

    Told.cutAnswer(providers.ask(way, hub, body), body, "refused by filter");

    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysThatAFilterRefusedWhatWasStreamedForAClientThatSawNothing(Way way) throws Exception {
    providers.home().will(Garbage.error(4, "content_filter"));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm").streamingUpstream());

    ReceivedMessage got = providers.ask(way, hub, way.body());

    if (way.streams()) {
      Told.cutAnswer(got, way.body(), "refused by filter");
    } else {
      assertThat(got.status()).isEqualTo(400);
    }
    assertThat(providers.partner().turns()).isEmpty();
  }

  static Stream<Arguments> requests() {
    return Way.streamed()
        .flatMap(way ->
            Stream.of(List.<String>of(), List.of(TOOLS), List.of("\"reasoning_effort\":\"low\""))
                .flatMap(members -> Stream.of(members, withUsage(members)))
                .map(members -> Arguments.of(way, way.body(members.toArray(String[]::new)))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("requests")
  void makesTheStreamOfAnAnswerThatCameAtOnce(Way way, String body) throws Exception {
    providers.home().will(Garbage.atOnce());
    TestHub hub = providers.hub(2);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void takesAnAnswerAtOnceForOneThatIsStreamedForTheWhole(Way way) throws Exception {
    providers.home().will(Garbage.atOnce());
    TestHub hub = providers.hub(2, HubPlan::streamingUpstream);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void makesTheStreamOfSeveralAnswersThatCameAtOnce(Way way) throws Exception {
    providers.home().will(Garbage.atOnce());
    TestHub hub = providers.hub(2);
    String body = way.body("\"n\":2");

    StreamRead stream = StreamRead.of(providers.ask(way, hub, body).body());

    List<JsonTree> choices = stream.chunks().getFirst().at("choices").elements();
    assertThat(choices).hasSize(2);
    assertThat(choices.getFirst().at("delta", "content").text())
        .isEqualTo(ChatAnswer.to(body).text());
    assertThat(choices.get(1).at("index").numberOr(-1)).isEqualTo(1);
    assertThat(stream.endsWithDone()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void joinsARestThatCameAtOnce(Way way) throws Exception {
    providers.home().will(Cuts.after(4, Cuts.Way.FIN));
    providers.partner().will(Garbage.atOnce());
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body(USAGE);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).hasSize(1);
  }

  private static List<String> withUsage(List<String> members) {
    return Stream.concat(members.stream(), Stream.of(USAGE)).toList();
  }

  private static void assertFailures(RequestRecord record, Kind... kinds) {
    assertThat(record.failures())
        .extracting(failed -> failed.failure().kind())
        .containsExactly(kinds);
  }

  private static Stream<Arguments> crossed(Fault... faults) {
    return Way.all()
        .flatMap(way ->
            Stream.of(faults)
                .filter(fault -> way.streams() || !fault.what().contains("inside the stream"))
                .map(fault -> Arguments.of(way, fault)));
  }
}
