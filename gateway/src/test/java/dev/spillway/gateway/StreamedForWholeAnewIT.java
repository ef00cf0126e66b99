package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.ChatRequest.Resumption;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Turn;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers that a client wants all at once and that cannot be gone on with: wherever they break off,
 * they are asked for anew, and of the first attempt nothing is in what the client gets.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamedForWholeAnewIT {
  private static final List<String> OBSTACLES =
      List.of(
          "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\"}}]",
          "\"response_format\":{\"type\":\"json_object\"}",
          "\"reasoning_effort\":\"high\"",
          "\"n\":2",
          "\"logprobs\":true");

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> everyBoundary() {
    return Way.whole()
        .flatMap(way -> OBSTACLES.stream().map(way::body).flatMap(body -> boundaries(way, body)));
  }

  /** Up to the last event without which the answer is not whole. */
  private static Stream<Arguments> boundaries(Way way, String body) {
    int last = kinds(body).lastIndexOf(ChatAnswer.Kind.FINISH);
    return crossed(way, body, IntStream.rangeClosed(0, last));
  }

  /** After the role, among the thoughts, calls or words, and before the last finish. */
  static Stream<Arguments> someBoundaries() {
    return Way.whole()
        .flatMap(way ->
            OBSTACLES.stream()
                .map(way::body)
                .flatMap(body ->
                    crossed(
                        way,
                        body,
                        IntStream.of(1, 3, kinds(body).lastIndexOf(ChatAnswer.Kind.FINISH)))));
  }

  private static List<ChatAnswer.Kind> kinds(String body) {
    return ChatAnswer.to(body).events().stream().map(ChatAnswer.Event::kind).toList();
  }

  private static Stream<Arguments> crossed(Way way, String body, IntStream sent) {
    return sent.boxed()
        .flatMap(each ->
            Stream.of(Cuts.Way.values())
                .map(end -> Arguments.of(way, Cuts.after(each, end), body)));
  }

  @ParameterizedTest(name = "{0}: {1}, {2}")
  @MethodSource("everyBoundary")
  void areAskedForAnewElsewhere(Way way, Fault fault, String body) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm").streamingUpstream());

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(resumptions(providers.partner().turns())).containsExactly(Resumption.NONE);
  }

  @ParameterizedTest(name = "{0}: {1}, {2}")
  @MethodSource("someBoundaries")
  void areAskedForAnewAtTheOnlyOne(Way way, Fault fault, String body) throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(1, plan -> plan.speaking("vllm").streamingUpstream());

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(resumptions(providers.home().turns()))
        .containsExactly(Resumption.NONE, Resumption.NONE);
  }

  private static List<Resumption> resumptions(List<Turn> turns) {
    return turns.stream().map(each -> each.request().resumption()).toList();
  }
}
