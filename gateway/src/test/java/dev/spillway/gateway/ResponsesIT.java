package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses API, streamed and not, in every style of path. */
@ParameterizedClass
@EnumSource(Protocol.class)
class ResponsesIT {
  private static final String ASK = "{\"model\":\"gpt-4o\",\"input\":\"Hello\"}";
  private static final String ASK_STREAMED =
      "{\"model\":\"gpt-4o\",\"stream\":true,\"input\":\"Hello\"}";
  private static final String ASK_LATER =
      "{\"model\":\"gpt-4o\",\"background\":true,\"max_output_tokens\":50,\"input\":\"Hello\"}";
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final String USAGE =
      "\"usage\":{\"input_tokens\":3,\"input_tokens_details\":{\"cached_tokens\":1},"
          + "\"output_tokens\":2,\"total_tokens\":5}";

  private final Protocol protocol;

  ResponsesIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/responses",
        "/openai/v1/responses",
        "/openai/responses?api-version=2025-04-01-preview"
      })
  void answersInEveryStyle(String path) throws Exception {
    try (ScriptedProvider provider =
            new ScriptedProvider(Script.answer(200, response("completed", "resp_1")));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST " + path, ASK, AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(Kept.withoutTag(answer.body())).isEqualTo(response("completed", "resp_1"));
      assertThat(provider.requests().getFirst().head()).startsWith("POST /v1/responses HTTP");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(3, 1, 2, Usage.Source.PROVIDER));
    }
  }

  @Test
  void streamsEveryEventAndThoseItDoesNotKnowToTheByteButForTheIds() throws Exception {
    String[] events = {
      lifecycle("created", "in_progress"),
      event("output_item.added", "\"item\":{\"id\":\"msg_1\",\"error\":null}"),
      event("output_text.delta", "\"item_id\":\"msg_1\",\"delta\":\"Hel\""),
      event("of_next_year.delta", "\"response_id\":\"x\",\"any\":[1.50,  {\"error\":{}}]"),
      lifecycle("completed", "completed")
    };
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(events));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/responses", ASK_STREAMED, AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(Kept.withoutTag(answer.body())).isEqualTo(String.join("", events));
      assertThat(answer.body()).doesNotContain("\"resp_1\"").doesNotContain("[DONE]");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  /** As the specification of August 2026 has them, without those that begin and end a stream. */
  @Test
  void passesEventsOfEveryType() throws Exception {
    List<String> types =
        List.of(
            "output_item.added output_item.done content_part.added content_part.done",
            "output_text.delta output_text.done output_text.annotation.added refusal.delta",
            "refusal.done function_call_arguments.delta function_call_arguments.done",
            "custom_tool_call_input.delta custom_tool_call_input.done",
            "reasoning_summary_part.added reasoning_summary_part.done",
            "reasoning_summary_text.delta reasoning_summary_text.done reasoning_text.delta",
            "reasoning_text.done file_search_call.in_progress file_search_call.searching",
            "file_search_call.completed web_search_call.in_progress web_search_call.searching",
            "web_search_call.completed code_interpreter_call.in_progress",
            "code_interpreter_call.interpreting code_interpreter_call.completed",
            "code_interpreter_call_code.delta code_interpreter_call_code.done",
            "image_generation_call.in_progress image_generation_call.generating",
            "image_generation_call.partial_image image_generation_call.completed",
            "mcp_call.in_progress mcp_call.completed mcp_call.failed mcp_call_arguments.delta",
            "mcp_call_arguments.done mcp_list_tools.in_progress mcp_list_tools.completed",
            "mcp_list_tools.failed shell_call_command.added shell_call_command.delta",
            "shell_call_command.done shell_call_output_content.delta",
            "shell_call_output_content.done audio.delta audio.done audio.transcript.delta",
            "audio.transcript.done compaction.compacting");
    String events =
        types.stream()
            .flatMap(line -> Stream.of(line.split(" ", -1)))
            .map(type -> event(type, "\"item_id\":\"i\",\"delta\":\"d\",\"sequence_number\":1"))
            .collect(Collectors.joining());
    String first =
        lifecycle("created", "queued")
            + lifecycle("queued", "queued")
            + lifecycle("in_progress", "in_progress");
    for (String last : List.of("completed", "incomplete", "failed")) {
      String stream = first + events + lifecycle(last, last);
      try (ScriptedProvider provider = new ScriptedProvider(Script.stream(stream));
          TestHub hub = TestHub.before(provider.port());
          TestClient client = protocol.connect(hub)) {
        client.send(Requests.post("POST /v1/responses", ASK_STREAMED, AUTHORIZED));

        assertThat(Kept.withoutTag(client.receive().body())).isEqualTo(stream);
        assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      }
    }
  }

  @Test
  void givesIdsToEventsOfSeveralLinesToo() throws Exception {
    String created =
        """
        event: response.created
        data: {"type":"response.created",
        data: "response":{"id":"resp_1"}}

        """;
    String end = lifecycle("completed", "completed");
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(created, end));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/responses", ASK_STREAMED, AUTHORIZED));

      assertThat(Kept.withoutTag(client.receive().body()))
          .isEqualTo(
              "data: {\"type\":\"response.created\", \"response\":{\"id\":\"resp_1\"}}\n\n" + end);
    }
  }

  @Test
  void answersFromElsewhereWhenAProviderFailsBeforeItsFirstContent() throws Exception {
    String failed =
        event(
            "failed",
            "\"response\":{\"id\":\"resp_1\",\"status\":\"failed\","
                + "\"error\":{\"code\":\"server_error\",\"message\":\"m\"}}");
    String[] good = {lifecycle("created", "in_progress"), lifecycle("completed", "completed")};
    try (ScriptedProvider broken =
            new ScriptedProvider(Script.stream(lifecycle("created", "in_progress"), failed));
        ScriptedProvider whole = new ScriptedProvider(Script.stream(good));
        TestHub hub = TestHub.before(broken.port(), whole.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/responses", ASK_STREAMED, AUTHORIZED));

      assertThat(Kept.withoutTag(client.receive().body())).isEqualTo(String.join("", good));
      assertThat(hub.nextEnded().failures()).hasSize(1);
    }
  }

  @Test
  void passesAFailureThatIsThePromptsOwn() throws Exception {
    String failed =
        "{\"id\":\"resp_1\",\"status\":\"failed\",\"output\":[],"
            + "\"error\":{\"code\":\"invalid_prompt\",\"message\":\"m\"}}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, failed));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/responses", ASK, AUTHORIZED));

      assertThat(Kept.withoutTag(client.receive().body())).isEqualTo(failed);
    }
  }

  @Test
  void breaksOffAStreamThatEndsWithoutItsLastEvent() throws Exception {
    String delta = event("output_text.delta", "\"delta\":\"Hel\"");
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(delta));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/responses", ASK_STREAMED, AUTHORIZED));

      assertThat(client.receive().body())
          .startsWith(delta + "event: error\ndata: {\"type\":\"error\",\"code\":");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
    }
  }

  /** Whoever asked for it may never come for it, and the provider makes it all the same. */
  @Test
  void chargesByWhatIsExpectedForWhatIsMadeInTheBackground() throws Exception {
    String queued =
        "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"queued\",\"background\":true,"
            + "\"error\":null,\"output\":[],\"usage\":null}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, queued));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      double rate = hub.status(0).prefillTokensPerSecond();

      client.send(Requests.post("POST /v1/responses", ASK_LATER, AUTHORIZED));

      assertThat(Kept.withoutTag(client.receive().body())).isEqualTo(queued);
      Usage charged = hub.nextEnded().usage();
      assertThat(charged.inputTokens()).isPositive();
      assertThat(charged.outputTokens()).isEqualTo(50);
      assertThat(charged.source()).isEqualTo(Usage.Source.ESTIMATED);
      assertThat(hub.status(0).prefillTokensPerSecond()).isEqualTo(rate);
    }
  }

  /** It is made where it was begun, and somebody else would make another. */
  @Test
  void asksNobodyElseForWhatIsQueuedInTheBackground() throws Exception {
    String created = lifecycle("created", "queued");
    String delta = event("output_text.delta", "\"delta\":\"Hel\"");
    String end = lifecycle("completed", "completed");
    Script queued =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(created));
          Thread.sleep(3 * LIMIT.toMillis()); // longer than others have to begin
          connection.send(Answers.chunks(delta, end) + Answers.LAST_CHUNK);
        };
    try (ScriptedProvider provider = new ScriptedProvider(queued);
        ScriptedProvider second = new ScriptedProvider(Script.stream(created, delta, end));
        TestHub hub =
            TestHub.start(HubPlan.before(provider.port(), second.port()).beginningWithin(LIMIT));
        TestClient client = protocol.connect(hub)) {
      String streamed = ASK_LATER.replace("\"background\"", "\"stream\":true,\"background\"");

      client.send(Requests.post("POST /v1/responses", streamed, AUTHORIZED));

      assertThat(client.receiveUntil("response.completed")).contains("response.created");
      assertThat(provider.requests()).hasSize(1);
      assertThat(second.requests()).isEmpty();
    }
  }

  /** Whoever is told the id can come for it. */
  @Test
  void beginsAtOnceWhatIsQueuedInTheBackground() throws Exception {
    chargesAllWhenItsClientLeaves(lifecycle("created", "queued"), "response.created");
  }

  @Test
  void chargesTheSameForOneWhoseStreamItsClientLeft() throws Exception {
    String delta = event("output_text.delta", "\"delta\":\"Hel\"");

    chargesAllWhenItsClientLeaves(delta, delta);
  }

  /**
   * Of one in the background.
   *
   * @param sent all that comes of its stream
   * @param seen the client leaves when it has this
   */
  private void chargesAllWhenItsClientLeaves(String sent, String seen) throws Exception {
    Script script =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(sent));
          connection.awaitLeaving();
        };
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      String streamed = ASK_LATER.replace("\"background\"", "\"stream\":true,\"background\"");
      client.send(Requests.post("POST /v1/responses", streamed, AUTHORIZED)).receiveUntil(seen);

      client.leave();

      assertThat(hub.nextEnded().usage().outputTokens()).isEqualTo(50);
    }
  }

  @Test
  void takesNoAnswerThatIsNotFinishedForWhole() throws Exception {
    try (ScriptedProvider broken =
            new ScriptedProvider(Script.answer(200, response("in_progress", "resp_1")));
        ScriptedProvider good =
            new ScriptedProvider(Script.answer(200, response("incomplete", "resp_2")));
        TestHub hub = TestHub.before(broken.port(), good.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/responses", ASK, AUTHORIZED));

      assertThat(Kept.withoutTag(client.receive().body()))
          .isEqualTo(response("incomplete", "resp_2"));
    }
  }

  static String response(String status, String id) {
    return "{\"id\":\""
        + id
        + "\",\"object\":\"response\",\"status\":\""
        + status
        + "\",\"error\":null,\"output\":[{\"type\":\"message\",\"id\":\"msg_1\",\"content\":["
        + "{\"type\":\"output_text\",\"text\":\"Hello\"}]}],\"previous_response_id\":null,"
        + USAGE
        + "}";
  }

  static String lifecycle(String type, String status) {
    return event(type, "\"sequence_number\":0,\"response\":" + response(status, "resp_1"));
  }

  private static String event(String type, String members) {
    return "event: response."
        + type
        + "\ndata: {\"type\":\"response."
        + type
        + "\","
        + members
        + "}\n\n";
  }
}
