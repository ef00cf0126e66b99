package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.ChatRequest;
import dev.spillway.testkit.faulty.ChatRequest.Resumption;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Completions that break off, stall or turn to garbage are gone on with elsewhere as chats are,
 * whether the client wants them as a stream or all at once: their prompt grows by what was shown.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompletionIsCutIT {
  private static final String USAGE = "\"stream_options\":{\"include_usage\":true}";
  private static final String TWO = "\"n\":2";
  private static final int FINISH =
      Way.finishOf(Way.streamed().findFirst().orElseThrow().completion());

  @RegisterExtension final Providers providers = new Providers(2);

  /**
   * What breaks one.
   *
   * @param fewest events that the hub has of it by then
   * @param most the same; more where a reset may take back some of what was sent
   */
  record Break(Fault fault, int fewest, int most) {
    @Override
    public String toString() {
      return fault.toString();
    }
  }

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Arguments> breaks() {
    List<Break> breaks = new ArrayList<>();
    for (int k = 0; k <= FINISH; k++) {
      breaks.add(new Break(Cuts.after(k, Cuts.Way.RST), 0, k));
      breaks.add(exactly(Cuts.after(k, Cuts.Way.FIN), k));
      breaks.add(exactly(Cuts.doneAfter(k), k));
    }
    for (int k : List.of(0, 1, 5, FINISH)) {
      breaks.add(exactly(Cuts.inside(k, 90, Cuts.Way.FIN), k));
      breaks.add(exactly(Cuts.endsAfter(k), k));
      breaks.add(exactly(Garbage.malformed(k), k));
      breaks.add(exactly(Garbage.foreign(k), k));
      breaks.add(exactly(Garbage.error(k), k));
    }
    breaks.add(exactly(Silences.stallsAfter(3), 3));
    return Way.all().flatMap(way -> breaks.stream().map(each -> Arguments.of(way, each)));
  }

  private static Break exactly(Fault fault, int events) {
    return new Break(fault, events, events);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("breaks")
  void goesOnElsewhereWhereItBrokeOff(Way way, Break broke) throws Exception {
    providers.home().will(broke.fault());
    TestHub hub = hub();
    String body = way.streams() ? way.completion(USAGE) : way.completion();

    Told.wholeAnswer(providers.complete(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(providers.partner().turns().getFirst().request().prefill())
        .isIn(
            IntStream.rangeClosed(broke.fewest(), broke.most())
                .mapToObj(each -> AnswerRead.ofFirst(each, body).text())
                .toList());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void carriesTheMostTokensOverTheSeam(Way way) throws Exception {
    providers.home().will(Cuts.after(4, Cuts.Way.FIN));
    TestHub hub = hub();
    String body = way.completion("\"max_tokens\":6");

    Told.wholeAnswer(providers.complete(way, hub, body), body);

    assertThat(ChatAnswer.to(body).finishReason()).isEqualTo("length");
    assertThat(providers.partner().turns().getFirst().request().maxTokens()).isEqualTo(2);
  }

  static Stream<Arguments> stops() {
    String body = Way.streamed().findFirst().orElseThrow().completion();
    StopString stop = StopString.within(ChatAnswer.to(body).text());
    return Way.all()
        .flatMap(way -> IntStream.range(0, 6).mapToObj(sent -> Arguments.of(way, sent, stop)));
  }

  @ParameterizedTest(name = "{0}: {2} after {1} events")
  @MethodSource("stops")
  void carriesTheStopStringsOverTheSeam(Way way, int sent, StopString stop) throws Exception {
    providers.home().will(Cuts.after(sent, Cuts.Way.FIN));
    TestHub hub = hub();
    String body = way.completion(stop.member());

    ReceivedMessage got = providers.complete(way, hub, body);

    assertThat(ChatAnswer.to(body).text()).doesNotContain(stop.text());
    if (way.streams()) {
      Told.wholeAnswer(got, body);
    } else {
      Told.wholeJson(got, body);
    }
  }

  static Stream<Arguments> severalThatBreak() {
    return Way.all()
        .flatMap(way ->
            Stream.of(Cuts.Way.values())
                .flatMap(end -> Stream.of(0, 4).map(sent -> Arguments.of(way, sent, end))));
  }

  @ParameterizedTest(name = "{0}: {2} after {1} events")
  @MethodSource("severalThatBreak")
  void startsSeveralAnewWhereNothingWasShownOfThem(Way way, int sent, Cuts.Way end)
      throws Exception {
    providers.home().will(Cuts.after(sent, end));
    TestHub hub = hub();
    String body = way.completion(TWO);

    ReceivedMessage got = providers.complete(way, hub, body);

    List<Turn> anew = providers.partner().turns();
    if (way.streams() && anew.isEmpty()) {
      int fewest = end == Cuts.Way.RST ? 1 : sent;
      assertThat(sent).isPositive();
      assertThat(Told.brokenOff(got, body, fewest, sent))
          .contains("stream broken", "several answers");
    } else {
      Told.wholeAnswer(got, body);
      assertThat(anew.stream().map(Turn::request).map(ChatRequest::resumption))
          .containsExactly(Resumption.NONE);
    }
  }

  /** A grammar would begin anew in the middle of what was shown. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void sendsNoBeginningOfOneThatIsBoundToJson(Protocol protocol) throws Exception {
    Way way = new Way(protocol, Way.Form.STREAMED);
    providers.home().will(Cuts.doneAfter(4));
    TestHub hub = hub();
    String body = way.completion("\"response_format\":{\"type\":\"json_object\"}");

    ReceivedMessage got = providers.complete(way, hub, body);

    assertThat(Told.brokenOff(got, body, 4)).contains("stream broken", "bound to JSON");
    assertThat(providers.partner().turns()).isEmpty();
  }

  private TestHub hub() throws Exception {
    return providers.hub(2, plan -> plan.speaking("vllm", "vllm").streamingUpstream());
  }
}
