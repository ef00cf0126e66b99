package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.core.model.Usage.Source;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several choices of one answer, of which the engine counts each with its own chunks, as vLLM. */
class UsageOfChoicesIT {
  private static final String ASK =
      "{\"model\":\"gpt-4o\",\"n\":2,\"stream\":true,"
          + "\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  private static final String[] CHUNKS = {
    chunk(0, "{\"role\":\"assistant\",\"content\":\"A\"}", "null", 1),
    chunk(1, "{\"role\":\"assistant\",\"content\":\"B\"}", "null", 1),
    chunk(0, "{\"content\":\"a\"}", "null", 2),
    chunk(0, "{}", "\"stop\"", 3),
    chunk(1, "{\"content\":\"b\"}", "\"stop\"", 2),
  };

  private static final String SUM =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[],"
          + usage(5)
          + "}\n\n";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void isTheSumThoughThatComesALittleLater(Protocol protocol) throws Exception {
    Script later =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(CHUNKS));
          Thread.sleep(20); // as a network or an engine may take
          connection.send(Answers.chunks(SUM, Answers.DONE) + Answers.LAST_CHUNK);
        };
    try (ScriptedProvider provider = new ScriptedProvider(later);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK));

      assertThat(client.receive().body()).endsWith(SUM + Answers.DONE);
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(7, 0, 5, Source.PROVIDER));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void isAddedUpWhereNoSumComes(Protocol protocol) throws Exception {
    String all = String.join("", CHUNKS);
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(all, Answers.DONE));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK));

      assertThat(client.receive().body())
          .startsWith(all)
          .endsWith(Answers.DONE)
          .contains("\"spillway\":{\"usage\":\"estimated\"}");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(7, 0, 5, Source.PROVIDER));
    }
  }

  private static String chunk(int choice, String delta, String reason, int outputTokens) {
    String event = Answers.event(delta, reason).replace("\"index\":0", "\"index\":" + choice);
    return event.replace("]}\n\n", "]," + usage(outputTokens) + "}\n\n");
  }

  private static String usage(int outputTokens) {
    return "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":"
        + outputTokens
        + ",\"total_tokens\":"
        + (7 + outputTokens)
        + "}";
  }
}
