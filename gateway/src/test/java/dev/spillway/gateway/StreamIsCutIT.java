package dev.spillway.gateway;

import static dev.spillway.gateway.Way.crossed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.ChatRequest;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import dev.spillway.testkit.json.JsonTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream that breaks off, stalls or turns to garbage at a deployment is gone on with at another
 * that can: the client gets the whole answer, no word twice and none missing.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamIsCutIT {
  private static final String USAGE = "\"stream_options\":{\"include_usage\":true}";
  private static final int OVERSIZED = 17 << 20;

  /** Events before the one that says that the answer is whole. */
  private static final int FINISH = Way.finishOf(Way.streamed().findFirst().orElseThrow().body());

  @RegisterExtension final Providers providers = new Providers(4);

  /** Every boundary between events, and places inside them, up to the answer's finish. */
  static Stream<Arguments> cuts() {
    List<Fault> faults = new ArrayList<>();
    for (int k = 0; k <= FINISH; k++) {
      for (Cuts.Way way : Cuts.Way.values()) {
        faults.add(Cuts.after(k, way));
      }
      faults.add(Cuts.inside(k, 1, Cuts.Way.FIN));
      faults.add(Cuts.inside(k, 90, Cuts.Way.RST));
      faults.add(Cuts.endsAfter(k));
      faults.add(Cuts.doneAfter(k));
    }
    return crossed(Way.streamed(), faults);
  }

  /** Garbage in place of each event. */
  static Stream<Arguments> garbage() {
    List<Fault> faults = new ArrayList<>();
    for (int k = 0; k <= FINISH; k++) {
      faults.add(Garbage.malformed(k));
      faults.add(Garbage.foreign(k));
      faults.add(Garbage.error(k));
    }
    faults.add(Garbage.oversized(0, OVERSIZED));
    faults.add(Garbage.oversized(4, OVERSIZED));
    return crossed(Way.streamed(), faults);
  }

  /** Standing still costs its limit each time, so only where it differs. */
  static Stream<Arguments> stalls() {
    Duration often = Duration.ofMillis(40);
    return crossed(
        Way.streamed(),
        List.of(
            Silences.stallsAfter(2),
            Silences.stallsAfter(FINISH),
            Silences.heartbeatsAfter(2, often),
            Silences.heartbeatsAfter(FINISH, often)));
  }

  static Stream<Arguments> afterTheFinish() {
    return crossed(
        Way.streamed(),
        List.of(
            Cuts.after(FINISH + 1, Cuts.Way.FIN),
            Cuts.inside(FINISH + 1, 1, Cuts.Way.FIN),
            Cuts.endsAfter(FINISH + 1),
            Silences.stallsAfter(FINISH + 1),
            Garbage.malformed(FINISH + 1),
            Garbage.foreign(FINISH + 1),
            Garbage.error(FINISH + 1),
            Garbage.oversized(FINISH + 1, OVERSIZED),
            Garbage.withoutDone()));
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"cuts", "garbage", "stalls"})
  void goesOnElsewhereWhereItBrokeOff(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = resumable(2);
    String body = way.body(USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(providers.partner().turns().getFirst().request().resumption())
        .isNotEqualTo(ChatRequest.Resumption.CONTRADICTORY);
    providers.home().awaitTurn(0).awaitEnding();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("afterTheFinish")
  void takesAnAnswerForWholeThatHasItsFinishReason(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = resumable(2);
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(providers.partner().turns()).isEmpty();
  }

  static Stream<Arguments> silentAfterTheFinish() {
    return crossed(
        Way.streamed(),
        List.of(
            Silences.stallsAfter(FINISH + 1),
            Silences.heartbeatsAfter(FINISH + 1, Duration.ofMillis(40))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("silentAfterTheFinish")
  void endsAnAnswerSoonThatHasItsFinishReason(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub =
        providers.hub(
            2, plan -> plan.speaking("vllm", "vllm").stallingWithin(Duration.ofSeconds(30)));
    String body = way.body();
    long asked = System.nanoTime();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void suppliesTheUsageThatWasAskedForAndDidNotCome(Way way) throws Exception {
    providers.home().will(Garbage.withoutUsage());
    TestHub hub = resumable(2);
    String body = way.body(USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    ChatAnswer answer = ChatAnswer.to(body);
    StreamRead stream = StreamRead.of(got.body());
    assertThat(stream.text()).isEqualTo(answer.text());
    assertThat(stream.endsWithDone()).isTrue();
    assertThat(stream.usages()).hasSize(1);
    JsonTree usage = stream.usages().getFirst();
    long prompt = usage.at("prompt_tokens").numberOr(-1);
    assertThat(prompt).isBetween(1L, 2L * answer.promptTokens());
    assertThat(usage.at("completion_tokens").numberOr(-1)).isEqualTo(answer.completionTokens());
    assertThat(usage.at("total_tokens").numberOr(-1)).isEqualTo(prompt + answer.completionTokens());
    assertThat(hub.nextEnded().usage())
        .isEqualTo(new Usage(prompt, 0, answer.completionTokens(), Usage.Source.ESTIMATED));
    assertThat(got.body()).containsOnlyOnce("\"spillway\":{\"usage\":\"estimated\"}");
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void carriesTheMostTokensOverTheSeam(Way way) throws Exception {
    int most = 6;
    int shown = 3;
    providers.home().will(Cuts.after(1 + shown, Cuts.Way.FIN));
    TestHub hub = resumable(2);
    String body = way.body("\"max_tokens\":" + most, USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(StreamRead.of(got.body()).finishReasons()).containsExactly("length");
    Turn second = providers.partner().turns().getFirst();
    assertThat(second.request().maxTokens()).isEqualTo(most - shown);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void finishesAnAnswerByItselfThatBrokeOffAtItsLastToken(Way way) throws Exception {
    int most = 4;
    providers.home().will(Cuts.after(1 + most, Cuts.Way.FIN));
    TestHub hub = resumable(2);
    String body = way.body("\"max_tokens\":" + most);

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(providers.partner().turns()).noneMatch(turn -> turn.request().maxTokens() > 1);
  }

  static Stream<Arguments> stops() {
    String text = ChatAnswer.to(Way.streamed().findFirst().orElseThrow().body()).text();
    StopString stop = StopString.within(text);
    List<Fault> faults = IntStream.range(0, 6).mapToObj(k -> Cuts.after(k, Cuts.Way.FIN)).toList();
    return Way.streamed()
        .flatMap(way -> faults.stream().map(fault -> Arguments.of(way, fault, stop)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("stops")
  void carriesTheStopStringsOverTheSeam(Way way, Fault fault, StopString stop) throws Exception {
    providers.home().will(fault);
    TestHub hub = resumable(2);
    String body = way.body(stop.member());

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(StreamRead.of(got.body()).text()).doesNotContain(stop.text());
    assertThat(StreamRead.of(got.body()).finishReasons()).containsExactly("stop");
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void goesOnWithAnAnswerThatIsGoneOnWith(Way way) throws Exception {
    providers.home().will(Cuts.after(3, Cuts.Way.FIN));
    providers.partner().will(Cuts.after(3, Cuts.Way.RST));
    providers.get(2).will(Garbage.error(2));
    TestHub hub = resumable(4);
    String body = way.body(USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(IntStream.range(0, 4).map(each -> providers.get(each).turns().size()))
        .containsExactly(1, 1, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void goesOnAtTheNextWhenTheNextIsDown(Way way) throws Exception {
    providers.home().will(Cuts.after(4, Cuts.Way.FIN));
    providers.partner().will(Cuts.beforeHead(Cuts.Way.RST));
    TestHub hub = resumable(3);
    String body = way.body(USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(providers.get(2).turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void endsWithAnErrorThatNamesTheFirstFailureWhenEverybodyBreaksOff(Way way) throws Exception {
    for (int i = 0; i < 3; i++) {
      FaultyProvider each = providers.get(i);
      each.will(i == 0 ? Cuts.after(3, Cuts.Way.FIN) : Cuts.beforeHead(Cuts.Way.FIN));
    }
    TestHub hub = resumable(3);
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.cutAnswer(got, body, "stream broken");
    assertThat(StreamRead.of(got.body()).text()).isNotEmpty();
  }

  private TestHub resumable(int deployments) throws Exception {
    String[] dialects = Stream.generate(() -> "vllm").limit(deployments).toArray(String[]::new);
    return providers.hub(deployments, plan -> plan.speaking(dialects));
  }
}
