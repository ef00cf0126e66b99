package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Responses and messages that clients want all at once, where the hub asks for them as streams: an
 * answer that breaks off, or stands still, is asked for anew, and the client sees nothing of it.
 */
class EventsForWholeIT {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** A second attempt would win before the first is given up. */
  private static final HedgeTuning NO_HEDGES = new HedgeTuning(0, 0, Duration.ofMillis(100));

  /** An API: how it is asked, what streams, and what the client gets instead. */
  record Api(String path, String body, List<String> events, String whole) {
    @Override
    public String toString() {
      return path;
    }
  }

  private static final String RESPONSE =
      "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":"
          + "\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],"
          + "\"usage\":{\"input_tokens\":9,\"output_tokens\":2,\"total_tokens\":11}}";

  private static final Api RESPONSES =
      new Api(
          "/v1/responses",
          "{\"model\":\"gpt-4o\",\"input\":\"Hello\"}",
          List.of(
              event("response.created", "\"response\":{\"id\":\"resp_1\"}"),
              event("response.output_item.added", "\"output_index\":0,\"item\":{}"),
              event("response.output_text.delta", "\"output_index\":0,\"delta\":\"Hi\""),
              event("response.output_item.done", "\"output_index\":0,\"item\":{}"),
              event("response.completed", "\"response\":" + RESPONSE)),
          RESPONSE);

  private static final Api MESSAGES =
      new Api(
          "/v1/messages",
          "{\"model\":\"gpt-4o\",\"max_tokens\":99,"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
          List.of(
              event(
                  "message_start",
                  "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[],"
                      + "\"stop_reason\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":0}}"),
              event(
                  "content_block_start",
                  "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
              event(
                  "content_block_delta",
                  "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}"),
              event("content_block_stop", "\"index\":0"),
              event(
                  "message_delta",
                  "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}"),
              event("message_stop", "\"x\":1")),
          "{\"id\":\"msg_1\",\"type\":\"message\",\"stop_reason\":\"end_turn\",\"content\":["
              + "{\"type\":\"text\",\"text\":\"Hi\"}],"
              + "\"usage\":{\"input_tokens\":9,\"output_tokens\":2}}");

  static Stream<Arguments> ways() {
    return Stream.of(Protocol.values())
        .flatMap(each -> Stream.of(Arguments.of(each, RESPONSES), Arguments.of(each, MESSAGES)));
  }

  static Stream<Arguments> breaks() {
    List<Arguments> all = new ArrayList<>();
    for (Api api : List.of(RESPONSES, MESSAGES)) {
      for (Protocol protocol : Protocol.values()) {
        for (int k = 0; k < api.events().size(); k++) {
          all.add(Arguments.of(protocol, api, k));
        }
      }
    }
    return all.stream();
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void areOneAnswer(Protocol protocol, Api api) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(whole(api));
        TestHub hub = hub(provider);
        TestClient client = protocol.connect(hub)) {
      assertWhole(ask(client, api), api);

      assertThat(provider.requests().getFirst().body()).contains("\"stream\":true");
      RequestRecord record = hub.nextEnded();
      assertThat(record.outcome()).isEqualTo(Outcome.WHOLE);
      assertThat(record.usage()).isEqualTo(new Usage(9, 0, 2, Usage.Source.PROVIDER));
    }
  }

  @ParameterizedTest(name = "{0} {1} after {2} events")
  @MethodSource("breaks")
  void areAskedForAnewWhereverTheyBreakOff(Protocol protocol, Api api, int shown) throws Exception {
    areAskedForOfAnother(protocol, api, part(api, shown).thenClose());
  }

  @ParameterizedTest(name = "{0} {1} after {2} events")
  @MethodSource("breaks")
  void areAskedForAnewAtTheOnlyOne(Protocol protocol, Api api, int shown) throws Exception {
    try (ScriptedProvider cut = new ScriptedProvider(part(api, shown).thenReset(), whole(api));
        TestHub hub = hub(cut);
        TestClient client = protocol.connect(hub)) {
      assertWhole(ask(client, api), api);

      assertThat(cut.requests()).hasSize(2);
    }
  }

  @ParameterizedTest(name = "{0} {1} after {2} events")
  @MethodSource("breaks")
  void areAskedForAnewWhereTheyStandStill(Protocol protocol, Api api, int shown) throws Exception {
    Script stands =
        connection -> {
          part(api, shown).play(connection);
          connection.awaitLeaving();
        };
    areAskedForOfAnother(protocol, api, stands);
  }

  private static void areAskedForOfAnother(Protocol protocol, Api api, Script broken)
      throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(broken);
        ScriptedProvider other = new ScriptedProvider(whole(api));
        TestHub hub = hub(first, other);
        TestClient client = protocol.connect(hub)) {
      assertWhole(ask(client, api), api);

      assertThat(first.requests()).hasSize(1);
      assertThat(other.requests()).hasSize(1);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void areTakenAsTheyComeFromOneThatDoesNotStream(Protocol protocol, Api api) throws Exception {
    try (ScriptedProvider plain = new ScriptedProvider(Script.answer(200, api.whole()));
        TestHub hub = hub(plain);
        TestClient client = protocol.connect(hub)) {
      assertWhole(ask(client, api), api);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void areRefusedWhereEverybodyBreaksOff(Protocol protocol, Api api) throws Exception {
    try (ScriptedProvider cut = new ScriptedProvider(part(api, 3).thenClose());
        TestHub hub = hub(cut);
        TestClient client = protocol.connect(hub)) {
      ReceivedMessage got = ask(client, api);

      assertThat(got.status()).as(got.body()).isEqualTo(502);
      assertThat(cut.requests()).hasSize(2);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  private static ReceivedMessage ask(TestClient client, Api api) throws Exception {
    return client.send(Requests.post("POST " + api.path(), api.body(), AUTHORIZED)).receive();
  }

  private static void assertWhole(ReceivedMessage got, Api api) {
    assertThat(got.status()).as(got.body()).isEqualTo(200);
    assertThat(got.header("content-type")).startsWith("application/json");
    assertThat(Kept.withoutTag(got.body())).isEqualTo(api.whole());
  }

  private static Script whole(Api api) {
    return Script.stream(api.events().toArray(String[]::new));
  }

  /** The events come one by one: each is read before the next. */
  private static Script part(Api api, int events) {
    return connection -> {
      connection.send(streamHead());
      for (String each : api.events().subList(0, events)) {
        connection.send(chunks(each));
        Thread.sleep(5); // so that it is read by itself
      }
    };
  }

  private static TestHub hub(ScriptedProvider... providers) throws Exception {
    int[] ports = Stream.of(providers).mapToInt(ScriptedProvider::port).toArray();
    String[] dialects = Stream.generate(() -> "vllm").limit(ports.length).toArray(String[]::new);
    return TestHub.start(
        HubPlan.before(ports)
            .speaking(dialects)
            .streamingUpstream()
            .with(NO_HEDGES)
            .beginningWithin(LIMIT)
            .stallingWithin(LIMIT));
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }
}
