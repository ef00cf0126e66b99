package dev.spillway.gateway;

import static dev.spillway.gateway.Contracts.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where an answer that broke off cannot be gone on with, it starts anew if nothing of it was shown,
 * and ends with a clear error otherwise; nobody is sent a beginning that it cannot take.
 */
class AnswerThatCannotGoOnIT {
  private static final int SHOWN_EVENTS = 4;
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\"}}]";

  @RegisterExtension final Providers providers = new Providers(3);

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  static Stream<Arguments> obstacles() {
    List<String> members =
        List.of(
            TOOLS,
            "\"response_format\":{\"type\":\"json_object\"}",
            "\"reasoning_effort\":\"high\"",
            "\"n\":2",
            "\"logprobs\":true");
    return Way.streamed().flatMap(way -> members.stream().map(each -> Arguments.of(way, each)));
  }

  static Stream<Arguments> obstaclesAndEnds() {
    return obstacles()
        .flatMap(each -> ends().map(end -> Arguments.of(each.get()[0], each.get()[1], end)));
  }

  private static Stream<Cuts.Way> ends() {
    return Stream.of(Cuts.Way.values());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("obstacles")
  void saysWhyAnAnswerEndsThatNobodyCanGoOnWith(Way way, String member) throws Exception {
    providers.home().will(Cuts.after(SHOWN_EVENTS, Cuts.Way.FIN));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body(member);

    ReceivedMessage got = providers.ask(way, hub, body);

    assertThat(Told.brokenOff(got, body, SHOWN_EVENTS)).contains("stream broken");
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}, {2}")
  @MethodSource("obstaclesAndEnds")
  void startsAnewWhenNothingWasShown(Way way, String member, Cuts.Way end) throws Exception {
    providers.home().will(Cuts.after(1, end));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body(member);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).hasSize(1);
    noPrefill(providers.partner().turns());
  }

  /** Every boundary between the events of an answer of each kind, and what is said behind it. */
  static Stream<Arguments> boundaries() {
    return Way.streamed()
        .flatMap(way ->
            Stream.of(
                    List.of(TOOLS, "a call of a tool"),
                    List.of("\"response_format\":{\"type\":\"json_object\"}", "bound to JSON"),
                    List.of(
                        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}",
                        "bound to JSON"),
                    List.of("\"guided_regex\":\".*\"", "a grammar"),
                    List.of("\"reasoning_effort\":\"high\"", "holds reasoning"),
                    List.of("\"n\":2", "several answers"))
                .flatMap(each -> boundaries(way, way.body(each.getFirst()), each.getLast())));
  }

  private static Stream<Arguments> boundaries(Way way, String body, String because) {
    List<ChatAnswer.Event> events = ChatAnswer.to(body).events();
    return IntStream.range(0, events.size() - 1)
        .filter(sent -> shows(events, sent) != Shows.ALL)
        .boxed()
        .flatMap(sent -> ends().map(end -> Arguments.of(way, sent, end, because, body)));
  }

  /** What a client has of an answer that is cut after so many events. */
  private enum Shows {
    NOTHING,
    SOME,
    ALL
  }

  private static Shows shows(List<ChatAnswer.Event> events, int sent) {
    List<ChatAnswer.Kind> kinds = events.stream().limit(sent).map(ChatAnswer.Event::kind).toList();
    long choices = events.stream().filter(each -> each.kind() == ChatAnswer.Kind.FINISH).count();
    if (kinds.stream().filter(each -> each == ChatAnswer.Kind.FINISH).count() == choices) {
      return Shows.ALL;
    }
    boolean some =
        kinds.contains(ChatAnswer.Kind.THOUGHT) || kinds.contains(ChatAnswer.Kind.CONTENT);
    return some ? Shows.SOME : Shows.NOTHING;
  }

  /** Of what was sent before a reset, the last may be lost with it: then less was shown. */
  @ParameterizedTest(name = "{0}: {2} after {1} events, {3}")
  @MethodSource("boundaries")
  void startsAnewOrSaysWhyWhereverItBroke(
      Way way, int sent, Cuts.Way end, String because, String body) throws Exception {
    providers.home().will(Cuts.after(sent, end));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));

    ReceivedMessage got = providers.ask(way, hub, body);

    noPrefill(providers.home().turns());
    noPrefill(providers.partner().turns());
    boolean reset = end == Cuts.Way.RST;
    boolean anew = reset && !providers.partner().turns().isEmpty();
    if (anew || shows(ChatAnswer.to(body).events(), sent) == Shows.NOTHING) {
      Told.wholeAnswer(got, body);
      assertThat(providers.partner().turns()).hasSize(1);
    } else {
      String said = reset ? Told.brokenOff(got, body, 1, sent) : Told.brokenOff(got, body, sent);
      assertThat(said).containsAnyOf(whatBroke(reset, body, sent)).contains(because);
      assertThat(providers.partner().turns()).isEmpty();
    }
  }

  private static String[] whatBroke(boolean reset, String body, int sent) {
    if (reset) {
      return new String[] {"stream broken", "fewer choices"};
    }
    return new String[] {isBetweenChoices(body, sent) ? "fewer choices" : "stream broken"};
  }

  /** After which a provider that does not know of {@code n} would send no more. */
  private static boolean isBetweenChoices(String body, int sent) {
    return ChatAnswer.to(body).events().get(sent - 1).kind() == ChatAnswer.Kind.FINISH;
  }

  static Stream<Arguments> failures() {
    return Way.streamed()
        .flatMap(way ->
            Stream.of(
                Arguments.of(way, Garbage.error(SHOWN_EVENTS, "429"), "rate limited"),
                Arguments.of(way, Garbage.error(SHOWN_EVENTS, "500"), "server error"),
                Arguments.of(way, Garbage.malformed(SHOWN_EVENTS), "bad answer"),
                Arguments.of(way, Silences.stallsAfter(SHOWN_EVENTS), "stalled")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("failures")
  void namesWhatBrokeACallOfATool(Way way, Fault fault, String what) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body(TOOLS);

    ReceivedMessage got = providers.ask(way, hub, body);

    assertThat(Told.brokenOff(got, body, SHOWN_EVENTS)).contains(what, "a call of a tool");
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}, {2}")
  @MethodSource("obstaclesAndEnds")
  void startsAnewAtTheOnlyOneWhenNothingWasShown(Way way, String member, Cuts.Way end)
      throws Exception {
    providers.home().will(Cuts.after(1, end), Fault.NONE);
    TestHub hub = providers.hub(1, plan -> plan.speaking("vllm"));
    String body = way.body(member);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(2);
    noPrefill(providers.home().turns());
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void saysThatThereWasNoMemoryToKeepItIn(Way way) throws Exception {
    providers.home().will(Cuts.after(SHOWN_EVENTS, Cuts.Way.FIN));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm").keeping(16 << 10));
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.cutAnswer(got, body, "(stream broken), and the hub's memory for answers");
    assertThat(hub.continuations().unkept()).isEqualTo(1);
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void sendsNoBeginningToOneThatCannotTakeIt(Way way) throws Exception {
    providers.home().will(Cuts.after(SHOWN_EVENTS, Cuts.Way.FIN));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "openai"));
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.cutAnswer(got, body, "stream broken");
    noPrefill(providers.partner().turns());
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void sendsNoRestToOneThatTheContractForbids(Way way) throws Exception {
    providers.home().will(Cuts.after(SHOWN_EVENTS, Cuts.Way.FIN));
    TestHub hub =
        providers.hub(
            3, plan -> plan.speaking("vllm", "vllm", "vllm").under(without("chat-1", "chat-2")));
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.cutAnswer(got, body, "stream broken");
    assertThat(providers.partner().turns()).isEmpty();
    assertThat(providers.get(2).turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void goesOnWhereTheContractAllowsIt(Way way) throws Exception {
    providers.home().will(Cuts.after(SHOWN_EVENTS, Cuts.Way.FIN));
    TestHub hub =
        providers.hub(3, plan -> plan.speaking("vllm", "vllm", "vllm").under(without("chat-1")));
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).isEmpty();
    assertThat(providers.get(2).turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void passesOverOneThatCannotTakeItForOneThatCan(Way way) throws Exception {
    providers.home().will(Cuts.after(SHOWN_EVENTS, Cuts.Way.RST));
    TestHub hub = providers.hub(3, plan -> plan.speaking("openai", "openai", "vllm"));
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(providers.partner().turns()).isEmpty();
    assertThat(providers.get(2).turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void namesTheFailureWhereThereIsNobodyElse(Way way) throws Exception {
    providers.home().will(Cuts.endsAfter(SHOWN_EVENTS));
    TestHub hub = providers.hub(1, plan -> plan.speaking("openai"));
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.cutAnswer(got, body, "(stream broken), and no deployment of the model can continue");
    assertThat(providers.home().turns()).hasSize(1);
  }

  /** What a client itself sent as a beginning is its own affair; here none did. */
  private static void noPrefill(List<Turn> turns) {
    assertThat(turns)
        .noneMatch(turn -> turn.body().contains("continue_final_message"))
        .noneMatch(turn -> turn.request().messages().size() > 1);
  }
}
