package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.core.model.Usage.Source;
import dev.spillway.testkit.json.JsonTree;
import io.netty.util.LeakPresenceDetector;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole answers whose provider says nothing of their usage: clients are told the count that is
 * billed, and that it is an estimate, as at the end of a stream.
 */
class UncountedAnswerIT {
  private static final String MARK = ",\"spillway\":{\"usage\":\"estimated\"}";
  private static final String PROMPT = "word ".repeat(800);
  private static final String CHAT =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{"
          + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello, world\"},"
          + "\"finish_reason\":\"stop\"}]}";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  /** The second is longer than what is read on the event loop. */
  static Stream<Arguments> answers() {
    return Stream.of(Protocol.values())
        .flatMap(protocol ->
            Stream.of(
                Arguments.of(protocol, CHAT),
                Arguments.of(protocol, CHAT.replace("}]}", "}]" + " ".repeat(300_000) + "}"))));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void haveOurCount(Protocol protocol, String answer) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, answer));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(Requests.ASK));

      ReceivedMessage got = client.receive();
      Usage billed = hub.nextEnded().usage();
      assertThat(got.body()).isEqualTo(answer.replaceFirst("\\{", "{" + told(billed) + MARK + ","));
      assertThat(billed.source()).isEqualTo(Source.ESTIMATED);
      assertThat(billed.inputTokens()).isPositive();
      assertThat(billed.outputTokens()).isEqualTo("Hello, world".length() / 4);
    }
  }

  /** Which is no part of what was generated. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void doNotCountThePromptThatTheyRepeat(Protocol protocol) throws Exception {
    String answer =
        "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{"
            + "\"index\":0,\"text\":\""
            + PROMPT
            + "and on\",\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}";
    String ask = "{\"model\":\"gpt-4o\",\"echo\":true,\"prompt\":\"" + PROMPT + "\"}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, answer));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post(Requests.COMPLETIONS, ask, AUTHORIZED));

      JsonTree got = JsonTree.read(client.receive().body());
      Usage billed = hub.nextEnded().usage();
      assertThat(got.at("usage", "completion_tokens").numberOr(-1))
          .isEqualTo(billed.outputTokens())
          .isBetween(1L, 10L);
      assertThat(got.at("usage", "prompt_tokens").numberOr(-1))
          .isEqualTo(billed.inputTokens())
          .isBetween(900L, 1_100L);
      assertThat(got.at("spillway", "usage").text()).isEqualTo("estimated");
    }
  }

  private static String told(Usage usage) {
    return "\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(
            usage.inputTokens(), usage.outputTokens(), usage.inputTokens() + usage.outputTokens());
  }
}
