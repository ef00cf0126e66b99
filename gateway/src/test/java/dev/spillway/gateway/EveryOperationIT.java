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
    Sample sample = Sample.whole(way.operation());
    try (ScriptedProvider provider = new ScriptedProvider(scripts(sample));
        TestHub hub = TestHub.beforeMixed(List.of(sample.dialect()), provider.port());
        TestClient client = way.protocol().connect(hub)) {
      String id = way.operation().isOfKept() ? newResponse(client) : "";

      client.send(sample.requestOn(way.path().replace(Operation.ID, id)));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.whole()).isTrue();
      assertThat(Kept.withoutTag(answer.body())).isEqualTo(sample.answer());
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

  private static Script[] scripts(Sample sample) {
    return sample.operation().isOfKept()
        ? new Script[] {Sample.whole(Operation.RESPONSES).script(), sample.script()}
        : new Script[] {sample.script()};
  }

  private static String newResponse(TestClient client) throws IOException {
    client.send(Sample.whole(Operation.RESPONSES).request());
    return Kept.idIn(client.receive().body());
  }
}
