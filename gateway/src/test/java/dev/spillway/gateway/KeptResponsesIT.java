package dev.spillway.gateway;

import static dev.spillway.gateway.Contracts.without;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Usage;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that deployments keep: found again where they are, by whoever was given their id. */
@ParameterizedClass
@EnumSource(Protocol.class)
class KeptResponsesIT {
  private static final String ASK = "{\"model\":\"gpt-4o\",\"input\":\"Hello\"}";
  private static final String OTHERS = "Authorization: Bearer " + Requests.OTHER_KEY;
  private static final Usage NOTHING = new Usage(0, 0, 0, Usage.Source.ESTIMATED);
  private static final Script FULL = Script.answer(503, "{\"error\":{\"message\":\"full\"}}");

  private final Protocol protocol;

  KeptResponsesIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void goesOnWhereTheResponseIsKeptThoughAnotherIsCheaper() throws Exception {
    try (ScriptedProvider cheap = new ScriptedProvider(FULL, kept("resp_cheap"));
        ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"), kept("resp_2"));
        TestHub hub = TestHub.before(cheap.port(), keeper.port());
        TestClient client = protocol.connect(hub)) {
      String first = Kept.idIn(ask(client, ASK));

      String second = ask(client, goesOnFrom(first));

      assertThat(Kept.withoutTag(second)).contains("\"id\":\"resp_2\"");
      assertThat(keeper.requests().getLast().body())
          .contains("\"previous_response_id\":\"resp_1\"");
      assertThat(cheap.requests()).hasSize(1);
    }
  }

  /** Its id is there from its first event on. */
  @Test
  void goesOnFromAndFetchesAResponseThatWasStreamed() throws Exception {
    String created = ResponsesIT.lifecycle("created", "in_progress");
    Script streamed = Script.stream(created, ResponsesIT.lifecycle("completed", "completed"));
    try (ScriptedProvider cheap = new ScriptedProvider(FULL, kept("resp_cheap"));
        ScriptedProvider keeper = new ScriptedProvider(streamed, kept("resp_1"), kept("resp_2"));
        TestHub hub = TestHub.before(cheap.port(), keeper.port());
        TestClient client = protocol.connect(hub)) {
      String answer = ask(client, ASK.replace("}", ",\"stream\":true}"));
      String id = Kept.idIn(answer);
      assertThat(Kept.idIn(answer.substring(answer.indexOf("response.completed")))).isEqualTo(id);

      assertThat(Kept.idIn(call(client, "GET /v1/responses/" + id).body())).isEqualTo(id);
      assertThat(Kept.withoutTag(ask(client, goesOnFrom(id)))).contains("\"id\":\"resp_2\"");

      assertThat(keeper.requests().get(1).head()).startsWith("GET /v1/responses/resp_1 ");
      assertThat(keeper.requests().getLast().body())
          .contains("\"previous_response_id\":\"resp_1\"");
      assertThat(cheap.requests()).hasSize(1);
    }
  }

  @Test
  void fetchesCancelsListsAndDeletesWhereItIsKept() throws Exception {
    Script input = Script.answer(200, "{\"object\":\"list\",\"data\":[],\"first_id\":null}");
    Script deleted =
        Script.answer(200, "{\"id\":\"resp_1\",\"object\":\"response.deleted\",\"deleted\":true}");
    try (ScriptedProvider cheap = new ScriptedProvider(FULL);
        ScriptedProvider keeper =
            new ScriptedProvider(
                kept("resp_1"), of("in_progress"), of("cancelled"), input, deleted);
        TestHub hub = TestHub.before(cheap.port(), keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));

      assertThat(Kept.idIn(call(client, "GET /v1/responses/" + id + "?include[]=a&evil=b").body()))
          .isEqualTo(id);
      call(client, "POST /openai/v1/responses/" + id + "/cancel");
      call(client, "GET /openai/responses/" + id + "/input_items?api-version=x&limit=2");
      assertThat(Kept.idIn(call(client, "DELETE /v1/responses/" + id).body())).isEqualTo(id);

      assertThat(keeper.requests())
          .map(each -> each.head().lines().findFirst().orElseThrow())
          .containsExactly(
              "POST /v1/responses HTTP/1.1",
              "GET /v1/responses/resp_1?include%5B%5D=a HTTP/1.1",
              "POST /v1/responses/resp_1/cancel HTTP/1.1",
              "GET /v1/responses/resp_1/input_items?limit=2 HTTP/1.1",
              "DELETE /v1/responses/resp_1 HTTP/1.1");
    }
  }

  @Test
  void streamsAKeptResponseAgain() throws Exception {
    String events = ResponsesIT.lifecycle("completed", "completed");
    try (ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"), Script.stream(events));
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));

      ReceivedMessage again =
          call(client, "GET /v1/responses/" + id + "?stream=true&starting_after=4");

      assertThat(Kept.withoutTag(again.body())).isEqualTo(events);
      assertThat(again.header("content-type")).startsWith("text/event-stream");
      assertThat(keeper.requests().getLast().head()).contains("stream=true&starting_after=4");
    }
  }

  /**
   * As SGLang does, which knows no such stream, and as vLLM does with what was not made in the
   * background. To ask costs nothing: were they blamed, one tenant could keep all others away.
   */
  @Test
  void blamesNobodyWhoDoesNotStreamAKeptResponseAgain() throws Exception {
    Script broken = Script.send(Answers.streamHead()).thenClose();
    Script[] scripts = new Script[21];
    for (int i = 0; i < scripts.length; i++) {
      scripts[i] = i % 2 == 0 ? kept("resp_1") : broken;
    }
    try (ScriptedProvider keeper = new ScriptedProvider(scripts);
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));

      for (int i = 1; i < scripts.length; i++) {
        ReceivedMessage none = call(client, "GET /v1/responses/" + id + "?stream=true");

        assertThat(none.status()).as(none.body()).isEqualTo(400);
        assertThat(none.body()).contains("without stream=true");
      }
      assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.CLOSED);
      assertThat(keeper.requests()).hasSize(scripts.length);
    }
  }

  /** It may be in a queue for long, and nobody else has it. */
  @Test
  void streamsFromTheFirstEventOnWhatIsStillBeingMade() throws Exception {
    String queued = "data: {\"type\":\"response.queued\",\"response\":{\"id\":\"resp_1\"}}\n\n";
    CountDownLatch never = new CountDownLatch(1);
    Script waiting = Script.send(Answers.streamHead() + Answers.chunks(queued)).thenAwait(never);
    try (ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"), waiting);
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));

      client.send(Requests.post("GET /v1/responses/" + id + "?stream=true", "", AUTHORIZED));

      assertThat(client.receiveUntil("response.queued")).contains("data: ");
      never.countDown();
    }
  }

  /** Its usage is told each time, and was charged when it was made. */
  @Test
  void chargesNothingForWhatWasMadeBefore() throws Exception {
    Script streamed = Script.stream(ResponsesIT.lifecycle("completed", "completed"));
    try (ScriptedProvider keeper =
            new ScriptedProvider(kept("resp_1"), kept("resp_1"), of("cancelled"), streamed);
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String path = "/v1/responses/" + Kept.idIn(ask(client, ASK));
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(3, 1, 2, Usage.Source.PROVIDER));

      for (String call :
          List.of("GET " + path, "POST " + path + "/cancel", "GET " + path + "?stream=true")) {
        assertThat(call(client, call).body()).contains("\"output_tokens\":2");

        assertThat(hub.nextEnded().usage()).as(call).isEqualTo(NOTHING);
      }
    }
  }

  /** A provider that streams where we do not expect it would be blamed for it, for all tenants. */
  @ParameterizedTest
  @ValueSource(strings = {"stream=1", "stream=True", "stream=true&stream=false", "stream="})
  void asksForNoStreamUnlessEverybodyTakesItForOne(String query) throws Exception {
    try (ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"));
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));

      ReceivedMessage again = call(client, "GET /v1/responses/" + id + "?limit=2&" + query);

      assertThat(again.status()).isEqualTo(200);
      assertThat(keeper.requests().getLast().head()).contains("?limit=2 ");
    }
  }

  @Test
  void isFoundByAnotherHubAndAfterARestart() throws Exception {
    try (ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"), kept("resp_1"))) {
      String id = idFrom(keeper);

      try (TestHub restarted = TestHub.before(keeper.port());
          TestClient client = protocol.connect(restarted)) {
        assertThat(call(client, "GET /v1/responses/" + id).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void isNothingToAnotherTenantNorUnderAnyOtherId() throws Exception {
    try (ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"));
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));
      String changed = id.substring(0, 20) + (id.charAt(20) == 'A' ? 'B' : 'A') + id.substring(21);

      client.send(Requests.post("GET /v1/responses/" + id, "", OTHERS));
      assertThat(client.receive().status()).isEqualTo(404);
      client.send(Requests.post("POST /v1/responses", goesOnFrom(id), OTHERS));
      assertThat(client.receive().status()).isEqualTo(404);
      for (String other : List.of(changed, "resp_1", id + "x", id.replace("resp_1", "resp_2"))) {
        assertThat(call(client, "DELETE /v1/responses/" + other).status()).isEqualTo(404);
        assertThat(ask(client, goesOnFrom(other))).contains("response_not_found");
      }

      assertThat(keeper.requests()).as("what was sent on").hasSize(1);
    }
  }

  @Test
  void saysThatTheDeploymentThatKeptItIsGone() throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(FULL);
        ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"))) {
      String id = idFrom(first, keeper);

      try (TestHub smaller = TestHub.before(first.port());
          TestClient client = protocol.connect(smaller)) {
        ReceivedMessage gone = call(client, "GET /v1/responses/" + id);

        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body()).contains("no longer part of this platform");
      }
    }
  }

  @Test
  void asksTheContractAboutTheDeploymentThatKeepsIt() throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(FULL, kept("resp_first"));
        ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"))) {
      String id = idFrom(first, keeper);

      try (TestHub bound = TestHub.under(without("chat-1"), first.port(), keeper.port());
          TestClient client = protocol.connect(bound)) {
        ReceivedMessage refused = call(client, "GET /v1/responses/" + id);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("no-chat-1");
        assertThat(ask(client, goesOnFrom(id))).contains("no-chat-1");
        assertThat(keeper.requests()).hasSize(1);
      }
    }
  }

  @Test
  void blamesNobodyForAResponseThatIsNotThereAnyMore() throws Exception {
    Script missing = Script.answer(404, "{\"error\":{\"message\":\"resp_1 not found\"}}");
    try (ScriptedProvider keeper = new ScriptedProvider(kept("resp_1"), missing, kept("resp_2"));
        TestHub hub = TestHub.before(keeper.port());
        TestClient client = protocol.connect(hub)) {
      String id = Kept.idIn(ask(client, ASK));

      ReceivedMessage answer = call(client, "GET /v1/responses/" + id);

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).contains("response_not_found").doesNotContain("resp_1");
      assertThat(ask(client, ASK)).contains("\"completed\"");
    }
  }

  @Test
  void refusesWhatWouldReachOtherTenantsItems() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(kept("resp_1"));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      for (String input :
          List.of(
              "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]",
              "\"input\":[{\"id\":\"msg_1\"}]",
              "\"input\":\"a\",\"conversation\":\"conv_1\"")) {
        client.send(
            Requests.post(
                "POST /v1/responses", "{\"model\":\"gpt-4o\"," + input + "}", AUTHORIZED));

        assertThat(client.receive().status()).as(input).isEqualTo(400);
      }
      assertThat(provider.requests()).isEmpty();
    }
  }

  private String idFrom(ScriptedProvider... providers) throws Exception {
    int[] ports = new int[providers.length];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = providers[i].port();
    }
    try (TestHub hub = TestHub.before(ports);
        TestClient client = protocol.connect(hub)) {
      return Kept.idIn(ask(client, ASK));
    }
  }

  private static String ask(TestClient client, String body) throws IOException {
    client.send(Requests.post("POST /v1/responses", body, AUTHORIZED));
    return client.receive().body();
  }

  private static ReceivedMessage call(TestClient client, String methodAndPath) throws IOException {
    client.send(Requests.post(methodAndPath, "", AUTHORIZED));
    return client.receive();
  }

  private static String goesOnFrom(String id) {
    return ASK.replace("}", ",\"previous_response_id\":\"" + id + "\"}");
  }

  private static Script kept(String id) {
    return Script.answer(200, ResponsesIT.response("completed", id));
  }

  private static Script of(String status) {
    return Script.answer(200, ResponsesIT.response(status, "resp_1"));
  }
}
