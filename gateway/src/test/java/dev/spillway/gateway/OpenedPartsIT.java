package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events that open a part of an answer, in which nothing is yet: the client has no answer by them,
 * and the model gave a sign of life.
 */
class OpenedPartsIT {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** An API whose streams open parts: how it is asked, and what such a stream says. */
  record Api(String path, String body, List<String> openings, List<String> rest) {
    String whole() {
      return String.join("", openings) + String.join("", rest);
    }

    @Override
    public String toString() {
      return path;
    }
  }

  private static final Api RESPONSES =
      new Api(
          "/v1/responses",
          "{\"model\":\"gpt-4o\",\"stream\":true,\"store\":false,\"input\":\"Hello\"}",
          List.of(
              event("response.created", "\"response\":{}"),
              event("response.output_item.added", "\"item\":{\"type\":\"reasoning\"}"),
              event("response.reasoning_summary_part.added", "\"part\":{}"),
              event("response.content_part.added", "\"part\":{}")),
          List.of(
              event("response.output_text.delta", "\"delta\":\"Hi\""),
              event("response.completed", "\"response\":{}")));

  private static final Api MESSAGES =
      new Api(
          "/v1/messages",
          "{\"model\":\"gpt-4o\",\"max_tokens\":99,\"stream\":true,"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
          List.of(
              event("message_start", "\"message\":{}"),
              event("content_block_start", "\"content_block\":{\"type\":\"thinking\"}")),
          List.of(
              event("content_block_delta", "\"delta\":{\"text\":\"Hi\"}"),
              event("message_stop", "\"x\":1")));

  static Stream<Arguments> ways() {
    return Stream.of(Protocol.values())
        .flatMap(each -> Stream.of(Arguments.of(each, RESPONSES), Arguments.of(each, MESSAGES)));
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void leaveTheAnswerToAnotherIfNothingFollows(Protocol protocol, Api api) throws Exception {
    Script opensOnly =
        connection -> {
          connection.send(streamHead() + chunks(api.openings().toArray(String[]::new)));
          connection.awaitLeaving();
        };
    try (ScriptedProvider silent = new ScriptedProvider(opensOnly);
        ScriptedProvider other = new ScriptedProvider(Script.stream(api.whole()));
        TestHub hub = hub(Duration.ofMillis(300), silent, other);
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST " + api.path(), api.body(), AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(api.whole());
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void areSignsOfLife(Protocol protocol, Api api) throws Exception {
    Script slow =
        connection -> {
          connection.send(streamHead());
          for (int i = 0; i < 4; i++) {
            connection.send(chunks(api.openings().getLast()));
            Thread.sleep(LIMIT.dividedBy(3)); // all of them together longer than the limit
          }
          connection.send(chunks(api.rest().toArray(String[]::new)) + LAST_CHUNK);
        };
    try (ScriptedProvider thinking = new ScriptedProvider(slow);
        ScriptedProvider other = new ScriptedProvider(Script.answer(500, "{}"));
        TestHub hub = hub(LIMIT, thinking, other);
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST " + api.path(), api.body(), AUTHORIZED));

      assertThat(client.receive().body())
          .isEqualTo(api.openings().getLast().repeat(4) + String.join("", api.rest()));
      assertThat(hub.nextEnded().failures()).isEmpty();
    }
  }

  private static TestHub hub(Duration limit, ScriptedProvider first, ScriptedProvider second)
      throws Exception {
    return TestHub.start(
        HubPlan.before(first.port(), second.port())
            .speaking("vllm", "vllm")
            .with(new HedgeTuning(0, 0, Duration.ofMillis(100)))
            .beginningWithin(limit));
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }
}
