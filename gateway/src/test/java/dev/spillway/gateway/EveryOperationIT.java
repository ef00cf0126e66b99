package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.Operation.ClassicPath;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served, and where, is one table: each row is tried over each protocol. */
class EveryOperationIT {
  private static final String RESPONSE = ResponsesIT.response("completed", "resp_1");

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  /** One way to ask for an operation; {@code {id}} stands in the path where it names one. */
  record Way(Operation operation, String path, Protocol protocol) {}

  static Stream<Way> ways() {
    return Arrays.stream(Operation.values())
        .flatMap(operation ->
            paths(operation).stream()
                .flatMap(path ->
                    Arrays.stream(Protocol.values())
                        .map(protocol -> new Way(operation, path, protocol))));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void answersEveryOperationWhereverItIsAskedFor(Way way) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(scripts(way.operation()));
        TestHub hub = TestHub.beforeMixed(List.of(dialect(way.operation())), provider.port());
        TestClient client = way.protocol().connect(hub)) {
      String id = way.operation().isOfKept() ? newResponse(client) : "";

      client.send(request(way.operation(), way.path().replace(Operation.ID, id)));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.whole()).isTrue();
      assertThat(Kept.withoutTag(answer.body())).isEqualTo(answer(way.operation()));
      assertThat(provider.requests().getLast().head())
          .startsWith(
              way.operation().method()
                  + " /v1/"
                  + way.operation().path().replace(Operation.ID, "resp_1")
                  + " HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/files",
        "POST /v1/batches",
        "POST /v1/images/variations",
        "POST /v1/responses/compact/more",
        "GET /v1/chat/completions/chatcmpl-1",
        "POST /openai/deployments/gpt-4o/responses",
        "POST /openai/messages",
        "POST /v2/chat/completions"
      })
  void saysClearlyWhatIsNotServed(String methodAndPath) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.before(provider.port())) {
      for (Protocol protocol : Protocol.values()) {
        try (TestClient client = protocol.connect(hub)) {
          ReceivedMessage answer =
              client.send(Requests.post(methodAndPath, "{}", AUTHORIZED)).receive();

          assertThat(answer.status()).isIn(404, 405);
          assertThat(answer.body()).contains("\"error\"");
        }
      }
      assertThat(provider.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void refusesWhoHasNoKey(Operation operation) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = new RawClient(hub)) {
      String path = operation.path().replace(Operation.ID, "resp_1");

      client.send(Requests.post(operation.method() + " /v1/" + path, "{}"));

      assertThat(client.receive().status()).isEqualTo(401);
      assertThat(provider.requests()).isEmpty();
    }
  }

  private static List<String> paths(Operation operation) {
    List<String> paths = new ArrayList<>();
    paths.add("/v1/" + operation.path());
    paths.add("/openai/v1/" + operation.path());
    if (operation.classicPath() == ClassicPath.DEPLOYMENT) {
      paths.add("/openai/deployments/gpt-4o/" + operation.path() + "?api-version=2024-10-21");
    } else if (operation.classicPath() == ClassicPath.ACCOUNT) {
      paths.add("/openai/" + operation.path() + "?api-version=2025-04-01-preview");
    }
    return paths;
  }

  private static Script[] scripts(Operation operation) {
    Script answer =
        operation == Operation.SPEECH
            ? Script.send(
                "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 3\r\n\r\nID3")
            : Script.answer(200, answer(operation));
    return operation.isOfKept()
        ? new Script[] {Script.answer(200, RESPONSE), answer}
        : new Script[] {answer};
  }

  private static String dialect(Operation operation) {
    return operation.isAnthropics() ? "vllm" : "openai";
  }

  private static String newResponse(TestClient client) throws IOException {
    client.send(request(Operation.RESPONSES, "/v1/responses"));
    return Kept.idIn(client.receive().body());
  }

  private static String request(Operation operation, String path) {
    return operation.takesForms()
        ? Forms.post(
            path,
            Forms.of(
                Forms.file(operation == Operation.IMAGE_EDITS ? "image" : "file", "bytes"),
                Forms.field("prompt", "A cat"),
                Forms.MODEL),
            Forms.TYPE)
        : Requests.post(operation.method() + " " + path, body(operation), AUTHORIZED);
  }

  private static String body(Operation operation) {
    return switch (operation) {
      case CHAT_COMPLETIONS, MESSAGES, MESSAGE_TOKENS ->
          Requests.ASK.replace("}]}", "}],\"max_tokens\":9}");
      case COMPLETIONS, IMAGE_GENERATIONS -> "{\"model\":\"gpt-4o\",\"prompt\":\"A cat\"}";
      case EMBEDDINGS, MODERATIONS, RESPONSES, SPEECH ->
          "{\"model\":\"gpt-4o\",\"input\":\"A cat\",\"voice\":\"alloy\"}";
      case RESPONSE, RESPONSE_DELETION, RESPONSE_CANCELLATION, RESPONSE_INPUT -> "";
      case IMAGE_EDITS, TRANSCRIPTIONS, TRANSLATIONS ->
          throw new IllegalStateException("a form: " + operation);
    };
  }

  private static String answer(Operation operation) {
    return switch (operation) {
      case CHAT_COMPLETIONS -> Answers.WHOLE;
      case COMPLETIONS ->
          "{\"choices\":[{\"index\":0,\"text\":\"Hi\",\"finish_reason\":\"stop\"}],"
              + "\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":1,\"total_tokens\":3}}";
      case EMBEDDINGS -> "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":\"AAAA\"}]}";
      case MODERATIONS -> "{\"results\":[{\"flagged\":false}]}";
      case RESPONSES, RESPONSE -> RESPONSE;
      case RESPONSE_CANCELLATION -> ResponsesIT.response("cancelled", "resp_1");
      case RESPONSE_DELETION -> "{\"id\":\"resp_1\",\"deleted\":true}";
      case RESPONSE_INPUT -> "{\"object\":\"list\",\"data\":[]}";
      case MESSAGES ->
          "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
              + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
      case MESSAGE_TOKENS -> "{\"input_tokens\":9}";
      case IMAGE_GENERATIONS, IMAGE_EDITS -> "{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}]}";
      case SPEECH -> "ID3";
      case TRANSCRIPTIONS, TRANSLATIONS -> "{\"text\":\"Hello\"}";
    };
  }
}
