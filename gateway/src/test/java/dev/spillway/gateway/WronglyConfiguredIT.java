package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.OperationName;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that refuse our credential, or do not know the model: our configuration is wrong. */
class WronglyConfiguredIT {
  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> wronglyConfigured() {
    List<Fault> faults =
        List.of(
            Refusals.status(401, "invalid_api_key"),
            Refusals.status(403, "forbidden"),
            Refusals.status(404, "model_not_found"));
    return Way.all().flatMap(way -> faults.stream().map(fault -> Arguments.of(way, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wronglyConfigured")
  void takesOneOutOfRotationThatIsWronglyConfigured(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    for (int i = 0; i < 5; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(5);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wronglyConfigured")
  void triesOneThatWasWronglyConfiguredAgainAndReturnsWhenItIsRight(Way way, Fault fault)
      throws Exception {
    Duration often = Duration.ofMillis(100);
    providers.home().will(fault, fault, Fault.NONE);
    TestHub hub =
        providers.hub(2, plan -> plan.with(Providers.tryingWrongOnesEvery(plan.tuning(), often)));
    String body = way.body();
    Told.wholeAnswer(providers.ask(way, hub, body), body);
    assertThat(hub.status(0).misconfigured()).isTrue();

    Until.holds(
        "home is back",
        () -> {
          askAndExpectTheWholeAnswer(way, hub, body);
          return !hub.status(0).misconfigured();
        });

    List<Turn> turns = providers.home().turns();
    assertThat(turns).hasSizeGreaterThanOrEqualTo(3);
    for (int i = 1; i < 3; i++) {
      long apart = turns.get(i).arrivedNanos() - turns.get(i - 1).arrivedNanos();
      assertThat(Duration.ofNanos(apart)).isGreaterThan(often.dividedBy(2));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wronglyConfigured")
  void keepsWhatAWronglyConfiguredOneSaysFromTheClient(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(1);

    Told.refused(providers.ask(way, hub, way.body()), 502);

    assertThat(providers.home().turns()).hasSize(1);
  }

  static Stream<Arguments> notThere() {
    String chatModel = "This is a chat model and not supported in the v1/completions endpoint.";
    String words = "{\"error\":{\"message\":\"" + chatModel + "\",\"param\":\"model\"}}";
    return Stream.of(Protocol.values())
        .flatMap(each ->
            Stream.of(
                Arguments.of(
                    each, 404, "{\"detail\":\"Not Found\"}", 404, "serves POST completions"),
                Arguments.of(each, 405, "", 404, "serves POST completions"),
                Arguments.of(each, 404, words, 400, chatModel),
                Arguments.of(each, 501, words, 400, chatModel)));
  }

  /** Else whoever asks a chat model for embeddings takes its chat from everybody. */
  @ParameterizedTest
  @MethodSource("notThere")
  void keepsOneInRotationThatLacksAnOperation(
      Protocol protocol, int status, String said, int told, String words) throws Exception {
    try (ScriptedProvider provider =
            new ScriptedProvider(
                Script.answer(status, said), Script.answer(status, said), Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      String ask = "{\"model\":\"gpt-4o\",\"prompt\":\"x\"}";
      String post = Requests.post("POST /v1/completions", ask, AUTHORIZED);

      ReceivedMessage answer = client.send(post).receive();

      assertThat(answer.status()).isEqualTo(told);
      assertThat(answer.body()).contains(words);
      assertThat(client.send(post).receive().status()).isEqualTo(told);
      assertThat(client.send(Requests.chat(Requests.ASK)).receive().status()).isEqualTo(200);
      assertThat(hub.status(0).misconfigured()).isFalse();
    }
  }

  /** Keys have scopes, and models are not for everything: no caller may take the chat from all. */
  @ParameterizedTest
  @CsvSource({"HTTP_1_1,401", "HTTP_1_1,403", "HTTP_2,401", "HTTP_2,403"})
  void keepsTheChatInRotationWhereOtherOperationsAreRefused(Protocol protocol, int status)
      throws Exception {
    String said = "{\"error\":{\"message\":\"You may not sample from this model\"}}";
    String embed = "{\"model\":\"gpt-4o\",\"input\":\"x\"}";
    String complete = "{\"model\":\"gpt-4o\",\"prompt\":\"x\"}";
    try (ScriptedProvider provider =
            new ScriptedProvider(
                Script.answer(status, said), Script.answer(status, said), Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      for (int i = 0; i < 3; i++) {
        ReceivedMessage embeddings =
            client.send(Requests.post("POST /v1/embeddings", embed, AUTHORIZED)).receive();
        ReceivedMessage completions =
            client.send(Requests.post("POST /v1/completions", complete, AUTHORIZED)).receive();
        assertThat(embeddings.status()).isEqualTo(i == 0 ? 502 : 503);
        assertThat(completions.status()).isEqualTo(i == 0 ? 502 : 503);
        assertThat(embeddings.body() + completions.body()).doesNotContain("sample");
      }

      assertThat(client.send(Requests.chat(Requests.ASK)).receive().status()).isEqualTo(200);
      assertThat(provider.requests()).hasSize(3);
      assertThat(hub.status(0).refusedOperations())
          .containsExactly(new OperationName("completions"), new OperationName("embeddings"));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void takesOneOutOfRotationThatDoesNotKnowItsModelWhateverIsAsked(Protocol protocol)
      throws Exception {
    String said = "{\"error\":{\"message\":\"The model `m` does not exist.\",\"code\":404}}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(404, said));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      String ask = "{\"model\":\"gpt-4o\",\"prompt\":\"x\"}";

      client.send(Requests.post("POST /v1/completions", ask, AUTHORIZED));

      assertThat(client.receive().status()).isEqualTo(502);
      assertThat(hub.status(0).misconfigured()).isTrue();
    }
  }

  private void askAndExpectTheWholeAnswer(Way way, TestHub hub, String body) {
    try {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    } catch (IOException e) {
      throw new AssertionError("the hub was to answer", e);
    }
  }
}
