package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.ChatRequest;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Silences;
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
 * Clients that want their answer all at once, where the hub asks for it as a stream all the same:
 * it is protected as streams are, and the client sees nothing of how it came.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamedForWholeIT {
  private static final Duration OFTEN = Duration.ofMillis(40);
  private static final int OVERSIZED = 17 << 20;

  /** Events before the one that says that the answer is whole. */
  private static final int FINISH = Way.finishOf(Way.streamed().findFirst().orElseThrow().body());

  @RegisterExtension final Providers providers = new Providers(3);

  static Stream<Way> whole() {
    return Way.whole();
  }

  static Stream<Arguments> breaks() {
    List<Fault> faults = new ArrayList<>();
    for (int k = 0; k <= FINISH; k++) {
      for (Cuts.Way way : Cuts.Way.values()) {
        faults.add(Cuts.after(k, way));
      }
      faults.add(Cuts.inside(k, 90, Cuts.Way.FIN));
      faults.add(Cuts.endsAfter(k));
      faults.add(Cuts.doneAfter(k));
      faults.add(Garbage.malformed(k));
      faults.add(Garbage.foreign(k));
      faults.add(Garbage.error(k));
    }
    faults.add(Garbage.oversized(0, OVERSIZED));
    faults.add(Garbage.oversized(4, OVERSIZED));
    faults.add(Silences.silent());
    faults.add(Silences.headOnly());
    faults.add(Silences.late(Duration.ofSeconds(5)));
    faults.add(Silences.heartbeatsAfter(0, OFTEN));
    faults.add(Silences.stallsAfter(3));
    faults.add(Silences.heartbeatsAfter(3, OFTEN));
    faults.add(Garbage.html());
    faults.add(Refusals.broken());
    return crossed(faults);
  }

  /** The usage comes last, and so is lost. */
  static Stream<Arguments> afterTheFinish() {
    return crossed(
        List.of(
            Cuts.after(FINISH + 1, Cuts.Way.FIN),
            Cuts.after(FINISH + 1, Cuts.Way.RST),
            Cuts.endsAfter(FINISH + 1),
            Cuts.doneAfter(FINISH + 1),
            Silences.stallsAfter(FINISH + 1),
            Silences.heartbeatsAfter(FINISH + 1, OFTEN),
            Garbage.malformed(FINISH + 1),
            Garbage.error(FINISH + 1),
            Garbage.oversized(FINISH + 1, OVERSIZED),
            Garbage.withoutUsage()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("breaks")
  void givesTheWholeAnswerWhereverItBroke(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = streaming(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.home().turns()).allMatch(turn -> turn.request().streams());
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(providers.partner().turns().getFirst().request().resumption())
        .isNotEqualTo(ChatRequest.Resumption.CONTRADICTORY);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("afterTheFinish")
  void takesAnAnswerForWholeThatHasItsFinishReason(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = streaming(2);
    String body = way.body();

    Told.wholeAnswerOfOurCount(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("whole")
  void takesOneForWholeThatLacksOnlyDone(Way way) throws Exception {
    providers.home().will(Garbage.withoutDone());
    TestHub hub = streaming(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("whole")
  void carriesTheMostTokensOverTheSeam(Way way) throws Exception {
    providers.home().will(Cuts.after(1 + 3, Cuts.Way.FIN));
    TestHub hub = streaming(2);
    String body = way.body("\"max_tokens\":6");

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(ChatAnswer.to(body).finishReason()).isEqualTo("length");
    assertThat(providers.partner().turns().getFirst().request().maxTokens()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void finishesAnAnswerByItselfThatBrokeOffAtItsLastToken(Way way) throws Exception {
    providers.home().will(Cuts.after(1 + 4, Cuts.Way.FIN));
    TestHub hub = streaming(2);
    String body = way.body("\"max_tokens\":4");

    Told.wholeAnswerOfOurCount(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).isEmpty();
  }

  static Stream<Arguments> stops() {
    String body = Way.whole().findFirst().orElseThrow().body();
    StopString stop = StopString.within(ChatAnswer.to(body).text());
    return Way.whole()
        .flatMap(way -> IntStream.range(0, 6).mapToObj(sent -> Arguments.of(way, sent, stop)));
  }

  @ParameterizedTest(name = "{0}: {2} after {1} events")
  @MethodSource("stops")
  void carriesTheStopStringsOverTheSeam(Way way, int sent, StopString stop) throws Exception {
    providers.home().will(Cuts.after(sent, Cuts.Way.FIN));
    TestHub hub = streaming(2);
    String body = way.body(stop.member());

    Told.wholeJson(providers.ask(way, hub, body), body);

    assertThat(ChatAnswer.to(body).text()).doesNotContain(stop.text());
    assertThat(ChatAnswer.to(body).finishReason()).isEqualTo("stop");
    assertThat(providers.partner().turns()).hasSize(1);
  }

  static Stream<Arguments> unstreamed() {
    return Way.whole()
        .flatMap(way ->
            Stream.of(
                    "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"format\":\"wav\"}",
                    "\"prompt_logprobs\":1",
                    "\"use_beam_search\":true",
                    "\"return_token_ids\":true")
                .map(member -> Arguments.of(way, member)));
  }

  /** Providers refuse that of a stream, which nobody asked them for. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("unstreamed")
  void asksForNoStreamOfWhatIsNotStreamedAlike(Way way, String member) throws Exception {
    TestHub hub = streaming(1);
    String body = way.body(member);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.home().turns().getFirst().request().streams()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("whole")
  void startsAnewAtOneThatCannotTakeABeginning(Way way) throws Exception {
    providers.home().will(Cuts.after(4, Cuts.Way.FIN));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "openai").streamingUpstream());
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns().getFirst().request().messages()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void saysThatThereIsNoAnswerWhereEverybodyBreaksOff(Way way) throws Exception {
    for (int i = 0; i < 3; i++) {
      providers
          .get(i)
          .will(Cuts.after(i == 0 ? 3 : 0, Cuts.Way.FIN), Cuts.beforeHead(Cuts.Way.FIN));
    }
    TestHub hub = streaming(3);

    Told.refused(providers.ask(way, hub, way.body()), 502, 503);
  }

  private TestHub streaming(int deployments) throws Exception {
    String[] dialects = Stream.generate(() -> "vllm").limit(deployments).toArray(String[]::new);
    return providers.hub(deployments, plan -> plan.speaking(dialects).streamingUpstream());
  }

  private static Stream<Arguments> crossed(List<Fault> faults) {
    return Way.whole().flatMap(way -> faults.stream().map(fault -> Arguments.of(way, fault)));
  }
}
