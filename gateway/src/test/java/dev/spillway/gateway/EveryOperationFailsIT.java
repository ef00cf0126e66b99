package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What befalls a chat befalls every other operation, streamed and not: until its client has any of
 * it, it is answered from elsewhere, or refused in the words of its API.
 */
@ParameterizedClass
@EnumSource(Protocol.class)
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EveryOperationFailsIT {
  private static final Duration LIMIT = Duration.ofMillis(200);
  private static final String SHORT_DEADLINE = "x-spillway-timeout-ms: 100";

  /** A second attempt would win before the first is given up. */
  private static final HedgeTuning NO_HEDGES = new HedgeTuning(0, 0, Duration.ofMillis(100));

  private static final String WORDS =
      "{\"error\":{\"message\":\"said by a provider\",\"code\":null,\"type\":\"any\"}}";

  private final Protocol protocol;

  EveryOperationFailsIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  static Stream<Sample> all() {
    return Sample.all();
  }

  static Stream<Arguments> broken() {
    return Sample.all()
        .flatMap(each ->
            (each.streams() ? Broken.streamsThatNeverBegin() : Broken.answersThatAreNone())
                .stream().map(broken -> Arguments.of(each, broken)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void isAnsweredFromElsewhereWhereTheFirstGaveNoAnswer(Sample sample, Broken broken)
      throws Exception {
    assertThat(failuresBeforeTheAnswer(sample, broken.script())).containsExactly(broken.kind());
  }

  /** Images and transcripts take as long as they take: they have their deadline alone. */
  static Stream<Arguments> silences() {
    Script silent = ProviderConnection::awaitLeaving;
    Script heartbeats =
        connection -> {
          connection.send(streamHead() + chunks(": ping\n\n", ": ping\n\n"));
          connection.awaitLeaving();
        };
    return Sample.all()
        .filter(each -> each.streams() && !each.operation().isOfMedia())
        .flatMap(each -> Stream.of(Arguments.of(each, silent), Arguments.of(each, heartbeats)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("silences")
  void isAnsweredFromElsewhereWhereTheFirstIsSilent(Sample sample, Script silence)
      throws Exception {
    assertThat(failuresBeforeTheAnswer(sample, silence)).containsExactly(Kind.TIMED_OUT);
  }

  /** Of an answer that then came from the second. */
  private List<Kind> failuresBeforeTheAnswer(Sample sample, Script first) throws Exception {
    try (ScriptedProvider failing = new ScriptedProvider(first);
        ScriptedProvider second = new ScriptedProvider(sample.script());
        TestHub hub = hub(sample, failing, second);
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request());

      assertWell(client.receive(), sample);
      assertThat(failing.requests()).hasSize(1);
      RequestRecord record = hub.nextEnded();
      assertThat(record.outcome()).isEqualTo(Outcome.WHOLE);
      return record.failures().stream().map(failed -> failed.failure().kind()).toList();
    }
  }

  static Stream<Arguments> leftAlone() {
    Script wrong = Script.answer(401, WORDS);
    Script inside = Script.answer(200, WORDS.replace("null", "\"invalid_api_key\""));
    return Sample.all()
        .flatMap(each ->
            Stream.of(Broken.full(), wrong, inside).map(refusal -> Arguments.of(each, refusal)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("leftAlone")
  void isNotAskedOfOneThatIsFullOrDoesNotTakeOurKey(Sample sample, Script refusal)
      throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(refusal);
        ScriptedProvider second = new ScriptedProvider(sample.script());
        TestHub hub = hub(sample, first, second);
        TestClient client = protocol.connect(hub)) {
      for (int i = 0; i < 2; i++) {
        client.send(sample.request());
        assertWell(client.receive(), sample);
      }

      assertThat(first.requests()).hasSize(1);
      assertThat(second.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void isAskedOnceMoreOnAFreshConnectionWhereTheOneBeforeWasStale(Sample sample) throws Exception {
    Script lost = Script.NOTHING.thenReset();
    try (ScriptedProvider only = new ScriptedProvider(sample.script(), lost, sample.script());
        TestHub hub = hub(sample, only);
        TestClient client = protocol.connect(hub)) {
      for (int i = 0; i < 2; i++) {
        client.send(sample.request());
        assertWell(client.receive(), sample);
        assertThat(hub.nextEnded().failures()).isEmpty();
      }

      assertThat(only.connections()).isEqualTo(2);
      assertThat(only.requests()).hasSize(3);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void isRefusedInTheWordsOfItsApiWhereNobodyAnswers(Sample sample) throws Exception {
    try (ScriptedProvider only = new ScriptedProvider(Script.answer(500, WORDS));
        TestHub hub = hub(sample, only);
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request());

      ReceivedMessage refused = client.receive();
      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.body()).startsWith(sample.refusal()).doesNotContain("said by");
      assertThat(only.requests()).hasSize(2);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  /** The request is wrong, or a filter refuses it, whatever the status. */
  static Stream<Arguments> refusals() {
    String filter = WORDS.replace("null", "\"content_filter\"");
    List<Script> refusals =
        List.of(Script.answer(400, WORDS), Script.answer(400, filter), Script.answer(200, filter));
    return Sample.all()
        .flatMap(each -> refusals.stream().map(refusal -> Arguments.of(each, refusal)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void isRefusedByTheProvidersWordsAndByNobodyElse(Sample sample, Script refusal) throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(refusal);
        ScriptedProvider second = new ScriptedProvider(sample.script());
        TestHub hub = hub(sample, first, second);
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request());

      ReceivedMessage refused = client.receive();
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).startsWith(sample.refusal()).contains("said by a provider");
      assertThat(second.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void isRefusedAtItsDeadline(Sample sample) throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (ScriptedProvider silent = new ScriptedProvider(Script.NOTHING.untilLeft(left));
        TestHub hub = hub(sample, silent);
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request(SHORT_DEADLINE));

      ReceivedMessage refused = client.receive();
      assertThat(refused.status()).isEqualTo(504);
      assertThat(refused.body()).startsWith(sample.refusal());
      assertThat(left.await(10, SECONDS)).as("the provider is left").isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void isGivenUpWhenItsClientLeaves(Sample sample) throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (ScriptedProvider silent = new ScriptedProvider(Script.NOTHING.untilLeft(left));
        TestHub hub = TestHub.beforeMixed(List.of(sample.dialect()), silent.port());
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request());
      Until.holds("the provider is asked", () -> !silent.requests().isEmpty());

      client.leave();

      assertThat(left.await(10, SECONDS)).as("the provider is left").isTrue();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
      Until.holds("nothing is in flight", () -> hub.inFlight() == 0);
    }
  }

  private static void assertWell(ReceivedMessage got, Sample sample) {
    assertThat(got.status()).as(got.body()).isEqualTo(200);
    assertThat(Kept.withoutTag(got.body())).isEqualTo(sample.answer());
    assertThat(got.whole()).isTrue();
  }

  private static TestHub hub(Sample sample, ScriptedProvider... providers) throws Exception {
    int[] ports = Stream.of(providers).mapToInt(ScriptedProvider::port).toArray();
    String[] dialects = Stream.generate(sample::dialect).limit(ports.length).toArray(String[]::new);
    return TestHub.start(
        HubPlan.before(ports).speaking(dialects).with(NO_HEDGES).beginningWithin(LIMIT));
  }
}
