package dev.spillway.simulator.live;

import static dev.spillway.simulator.live.LiveEngineClient.CHAT;
import static dev.spillway.simulator.live.LiveEngineClient.CONFIG;
import static dev.spillway.simulator.live.LiveEngineClient.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of answers beside plain text, and the faults that can be asked for. */
class LiveEngineAnswersIT {
  private static final String RESPONSES = "/v1/responses";
  private static final String WEATHER =
      """
      "tools":[{"type":"function","function":{"name":"weather","parameters":
      {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]\
      """;
  private static final String ARGUMENTS = "{\\\"city\\\":\\\"simulated\\\"}";
  private static final Pattern CONTENT =
      Pattern.compile("\"(?:content|text|delta|arguments)\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final LiveEngineClient client = new LiveEngineClient();
  private LiveEngine engine;

  @BeforeEach
  void start() throws IOException {
    engine = LiveEngine.start(CONFIG);
  }

  @AfterEach
  void leaksNothing() {
    client.close();
    engine.close();
    LeakPresenceDetector.check();
  }

  @Test
  void keepsResponsesUntilTheyAreDeleted() throws Exception {
    String ask = "{\"model\":\"gpt-4o\",\"input\":\"Hi\"}";
    String made = client.post(engine, RESPONSES, ask).body();
    String id = made.substring(made.indexOf("resp_"), made.indexOf('"', made.indexOf("resp_")));
    String goesOn = ask.replace("}", ",\"previous_response_id\":\"" + id + "\"}");

    assertThat(client.get(engine, RESPONSES + "/" + id).body()).isEqualTo(made);
    assertThat(client.post(engine, RESPONSES, goesOn).statusCode()).isEqualTo(200);
    assertThat(client.post(engine, RESPONSES + "/" + id + "/cancel", "").body()).isEqualTo(made);
    assertThat(client.delete(engine, RESPONSES + "/" + id).body()).contains("\"deleted\":true");
    assertThat(client.get(engine, RESPONSES + "/" + id).statusCode()).isEqualTo(404);
    assertThat(client.post(engine, RESPONSES, goesOn).statusCode()).isEqualTo(400);
  }

  @Test
  void callsTheToolThatMustBeCalled() throws Exception {
    String whole =
        client.post(engine, CHAT, chat(WEATHER + ",\"tool_choice\":\"required\"")).body();

    assertThat(whole)
        .contains(
            "\"content\":null",
            "\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\""
                + ARGUMENTS
                + "\"}",
            "\"finish_reason\":\"tool_calls\"");
  }

  @Test
  void streamsTheArgumentsOfACallInPieces() throws Exception {
    List<String> events =
        client.events(
            engine, CHAT, chat("\"stream\":true,\"tool_choice\":\"required\"," + WEATHER));

    assertThat(events.getFirst())
        .contains("\"id\":\"call_", "\"name\":\"weather\",\"arguments\":\"\"");
    assertThat(said(events)).isEqualTo(ARGUMENTS);
    assertThat(events).as("role, 5 pieces, end, [DONE]").hasSize(8);
    assertThat(events.get(6)).contains("\"finish_reason\":\"tool_calls\"");
  }

  @Test
  void callsAToolIfThePromptWishesItAndNotOnceItHasTheResult() throws Exception {
    String ask =
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Sun? simulate(tool)\"}]}";
    String result = "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"rain\"}";

    String first = client.post(engine, CHAT, messages(ask, WEATHER)).body();
    String second = client.post(engine, CHAT, messages(ask + "," + result, WEATHER)).body();
    String forbidden =
        client.post(engine, CHAT, messages(ask, "\"tool_choice\":\"none\"," + WEATHER)).body();

    assertThat(first).contains("\"finish_reason\":\"tool_calls\"");
    assertThat(second).contains("This answer is simulated.");
    assertThat(forbidden).contains("This answer is simulated.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"json_object"}                                                  | {\\"simulated\\":true,\\"answer\\":\\"This answer is simulated.\\"}
          {"type":"json_schema","json_schema":{"name":"a","schema":{"enum":[7]}}} | 7
          """)
  void answersInTheFormatAskedFor(String format, String content) throws Exception {
    String fields = "\"response_format\":" + format;

    String whole = client.post(engine, CHAT, chat(fields)).body();
    List<String> events = client.events(engine, CHAT, chat("\"stream\":true," + fields));

    assertThat(whole).contains("\"content\":\"" + content + "\"", "\"finish_reason\":\"stop\"");
    assertThat(said(events)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\":[{\"type\":\"web_search\"}],\"tool_choice\":\"required\"",
        "\"tool_choice\":\"required\"",
        "\"response_format\":{\"type\":\"xml\"}",
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"$ref\":\"#\"}}}",
        "\"continue_final_message\":true",
        "\"continue_final_message\":true,\"add_generation_prompt\":false"
      })
  void refusesWhatItCannotSatisfy(String fields) throws Exception {
    assertThat(client.post(engine, CHAT, chat(fields)).statusCode()).isEqualTo(400);
  }

  @Test
  void completesAPrompt() throws Exception {
    String ask = "{\"model\":\"gpt-4o\",\"prompt\":\"Once\"";

    String whole = client.post(engine, "/v1/completions", ask + "}").body();
    List<String> events =
        client.events(
            engine,
            "/v1/completions",
            ask + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

    assertThat(whole)
        .contains(
            "\"object\":\"text_completion\"",
            "\"id\":\"cmpl-",
            "\"completion_tokens\":16,",
            "\"finish_reason\":\"length\"");
    assertThat(said(events))
        .isEqualTo(said(List.of(whole)))
        .startsWith("This answer is simulated.");
    assertThat(events.get(events.size() - 2)).contains("\"choices\":[]", "\"prompt_tokens\":1,");
  }

  @Test
  void respondsWholeAndInEvents() throws Exception {
    String ask = "{\"model\":\"gpt-4o\",\"input\":\"Hello\",\"max_output_tokens\":16";

    String whole = client.post(engine, RESPONSES, ask + "}").body();
    List<String> events = client.events(engine, RESPONSES, ask + ",\"stream\":true}");

    assertThat(whole)
        .contains(
            "\"object\":\"response\"",
            "\"status\":\"incomplete\"",
            "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}",
            "\"output_tokens\":16,");
    assertThat(events.stream().map(LiveEngineAnswersIT::type).distinct())
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.incomplete");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i)).endsWith(",\"sequence_number\":" + i + "}");
    }
    String deltas =
        said(events.stream().filter(e -> type(e).endsWith("output_text.delta")).toList());
    assertThat(whole).contains("\"text\":\"" + deltas + "\"");
  }

  @Test
  void respondsWithACall() throws Exception {
    String ask =
        """
        {"model":"gpt-4o","input":[{"role":"user","content":[{"type":"input_text","text":"Sun?"}]}],
        "tool_choice":{"type":"function","name":"weather"},
        "tools":[{"type":"function","name":"weather","parameters":{"properties":{"city":{}}}}]\
        """;

    String whole = client.post(engine, RESPONSES, ask + "}").body();
    List<String> events = client.events(engine, RESPONSES, ask + ",\"stream\":true}");

    assertThat(whole)
        .contains(
            "\"type\":\"function_call\"",
            "\"status\":\"completed\"",
            "\"name\":\"weather\",\"arguments\":\"" + ARGUMENTS + "\"");
    assertThat(events.stream().map(LiveEngineAnswersIT::type).distinct())
        .containsSubsequence(
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed");
  }

  @Test
  void moderatesEachText() throws Exception {
    String answer =
        client
            .post(engine, "/v1/moderations", "{\"model\":\"gpt-4o\",\"input\":[\"a\",\"b\"]}")
            .body();

    assertThat(answer.split("\"flagged\":false", -1)).hasSize(3);
  }

  @Test
  void failsAsItsOwnerSaysAndThenNoMore() throws Exception {
    engine.failNext(new Fault.Status(429, Duration.ofMillis(1_500)));

    var refused = client.post(engine, CHAT, chat("\"max_tokens\":1"));
    var next = client.post(engine, CHAT, chat("\"max_tokens\":1"));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after-ms")).contains("1500");
    assertThat(refused.headers().firstValue("retry-after")).contains("2");
    assertThat(next.statusCode()).isEqualTo(200);
  }

  @Test
  void failsByItsRule() throws Exception {
    engine.close();
    engine = LiveEngine.start(CONFIG.failing(new FaultRule(Fault.parse("status=503"), 2)));

    assertThat(client.post(engine, CHAT, chat("\"max_tokens\":1")).statusCode()).isEqualTo(200);
    assertThat(client.post(engine, CHAT, chat("\"max_tokens\":1")).statusCode()).isEqualTo(503);
    assertThat(client.post(engine, CHAT, chat("\"max_tokens\":1")).statusCode()).isEqualTo(200);
  }

  @Test
  void failsAsThePromptWishes() throws Exception {
    assertThat(client.post(engine, CHAT, wishing("status=418")).statusCode()).isEqualTo(418);
    assertThat(client.post(engine, CHAT, wishing("error=3")).statusCode()).isEqualTo(500);
    assertThatThrownBy(() -> client.post(engine, CHAT, wishing("cut=3")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void breaksAStreamAfterSoManyTokens() throws Exception {
    List<String> events = client.events(engine, CHAT, wishing("error=3", "\"stream\":true"));

    assertThat(said(events.subList(0, 4))).isEqualTo("This answer is");
    assertThat(events.get(4)).startsWith("{\"error\":{\"message\":");
    assertThat(events.get(5)).isEqualTo("[DONE]");
    assertThatThrownBy(() -> client.events(engine, CHAT, wishing("cut=3", "\"stream\":true")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aStalledStreamStaysOpenAndItsWorkIsDone() throws Exception {
    try (var stream = client.open(engine, CHAT, wishing("stall=2", "\"stream\":true"))) {
      assertThat(stream.lines().filter(line -> line.contains("\" answer\"")).findFirst())
          .isPresent();

      client.awaitMetric(
          engine, "vllm:num_requests_running{model_name=\"sim-gpt-4o\",engine=\"0\"} 0.0");
    }
  }

  private static String wishing(String wish, String... more) {
    String text = "{\"role\":\"user\",\"content\":\"Please. simulate(" + wish + ")\"}";
    return messages(text, more.length == 0 ? "\"max_tokens\":9" : more[0]);
  }

  private static String messages(String messages, String more) {
    return "{\"model\":\"gpt-4o\",\"messages\":[" + messages + "]," + more + "}";
  }

  private static String type(String event) {
    return event.substring("{\"type\":\"".length(), event.indexOf("\","));
  }

  private static String said(List<String> events) {
    return events.stream()
        .flatMap(event -> CONTENT.matcher(event).results())
        .map(found -> found.group(1))
        .collect(Collectors.joining());
  }
}
