package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.HELLO_STREAMED;
import static dev.spillway.gateway.Answers.SECOND;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients offer or ask for before they send their request proper. */
class NegotiationIT {
  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(HELLO, HELLO_STREAMED);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void asksForTheBodyOfAClientThatExpectsTo(Protocol protocol) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      String length = "Content-Length: " + ASK.length();
      client.send(Requests.head(CHAT, AUTHORIZED, length, "Expect: 100-continue"));

      assertThat(client.receive().status()).isEqualTo(100);
      assertThat(client.send(ASK).receive().body()).isEqualTo(WHOLE);
    }
  }

  /** The JDK's client, which others are built on, offers to go on in HTTP/2. */
  @Test
  void answersInHttp1WhoOffersToUpgradeToHttp2() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> whole = ask(client, ASK);
      HttpResponse<String> streamed = ask(client, ASK_STREAMED);

      assertThat(whole.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(whole.body()).isEqualTo(WHOLE);
      assertThat(streamed.body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
      assertThat(provider.requests().getFirst().head().toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("upgrade", "http2-settings");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/realtime?model=gpt-4o",
        "GET /openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o",
        "GET /v1/chat/completions",
        "GET /v1/whatever"
      })
  void saysThatItServesNoWebSockets(String request) throws Exception {
    try (RawClient client = new RawClient(hub)) {
      client.send(
          Requests.head(
              request,
              AUTHORIZED,
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));

      assertNotServed(client.receive());
      assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void saysThatItServesNoRealtime(Protocol protocol) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/realtime/client_secrets", "{}", AUTHORIZED));

      assertNotServed(client.receive());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/realtimes", "GET /realtime", "GET /v1/real"})
  void knowsNoOtherPathLikeIt(String request) throws Exception {
    try (RawClient client = new RawClient(hub)) {
      assertThat(client.send(Requests.head(request, AUTHORIZED)).receive().status()).isEqualTo(404);
    }
  }

  private static void assertNotServed(ReceivedMessage refusal) {
    assertThat(refusal.status()).isEqualTo(501);
    assertThat(refusal.body()).contains("realtime", "\"code\":\"not_served\"");
    assertThat(refusal.header("x-should-retry")).isEqualTo("false");
  }

  private HttpResponse<String> ask(HttpClient client, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + hub.port() + "/v1/chat/completions"))
            .header("api-key", Requests.KEY)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
