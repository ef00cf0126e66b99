package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client sends: told what was wrong, nothing reached a provider, nobody else hurt. */
class BadInputIT {
  private static final int MAX_BODY = 2 << 20;
  private static final GatewayConfig CONFIG = TestHub.small(MAX_BODY, 4L * MAX_BODY);

  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.with(CONFIG, provider.port());
  }

  @AfterEach
  void leaksNothing() throws Exception {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  /** Bytes, what they should be answered with, and why. */
  record Bad(String what, String bytes, int status, @Nullable String code, @Nullable String param) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Bad> bodies() {
    return List.of(
        body("no JSON", "{\"model\":\"gpt-4o\",", 400, "invalid_json", null),
        body("nothing", "", 400, "invalid_json", null),
        body("two values", ASK + ASK, 400, "invalid_json", null),
        body("no object", "[1]", 400, "invalid_json", null),
        body("too deep", "{\"model\":\"gpt-4o\",\"x\":" + "[".repeat(100_000), 400, null, null),
        body("no model", ASK.replace("model", "modell"), 400, "invalid_value", "model"),
        body("a number for a model", ASK.replace("\"gpt-4o\"", "7"), 400, null, "model"),
        body("a word for stream", with("\"stream\":\"yes\""), 400, "invalid_value", "stream"),
        body("a word for max_tokens", with("\"max_tokens\":\"9\""), 400, null, "max_tokens"),
        body(
            "text for messages",
            "{\"model\":\"gpt-4o\",\"messages\":\"x\"}",
            400,
            null,
            "messages"),
        body("no messages", "{\"model\":\"gpt-4o\"}", 400, "invalid_value", "messages"),
        body("two models", with("\"model\":\"gpt-4o\""), 400, "invalid_value", "model"),
        body("two models, one escaped", with("\"mod\\u0065l\":\"o\""), 400, null, "model"),
        body("an unknown model", ASK.replace("gpt-4o", "gpt-9"), 404, "model_not_found", "model"),
        body("bad UTF-8", ASK.replace("Hello", "H\u00ff\u00fe"), 400, "invalid_json", null));
  }

  static List<Bad> heads() {
    return List.of(
        whole("no key", Requests.post(CHAT, ASK), 401, "missing_api_key"),
        whole("a wrong key", Requests.post(CHAT, ASK, "api-key: sk-no"), 401, "invalid_api_key"),
        whole("an empty key", Requests.post(CHAT, ASK, "api-key: "), 401, "missing_api_key"),
        whole("an empty token", asked("Authorization: Bearer "), 401, "missing_api_key"),
        whole("two keys", asked(AUTHORIZED, AUTHORIZED), 400, "bad_request"),
        whole("two that differ", asked(AUTHORIZED, "api-key: sk-no"), 400, "bad_request"),
        whole("another x-api-key", asked("api-key: sk-no", "x-api-key: no"), 400, "bad_request"),
        whole(
            "two geographies in two lines",
            asked(AUTHORIZED, "x-spillway-residency: us", "X-Spillway-Residency: eu"),
            400,
            "bad_request"),
        whole(
            "two classes",
            asked(AUTHORIZED, "x-spillway-class: a", "x-spillway-class: b"),
            400,
            "bad_request"),
        whole("no such path", post("POST /v1/nothing"), 404, "unknown_url"),
        whole("no path of ours", post("POST /"), 404, "unknown_url"),
        whole("another method", post("PUT /v1/chat/completions"), 405, "method_not_allowed"),
        whole("no JSON type", typed("text/plain"), 415, "unsupported_media_type"));
  }

  static List<Bad> framings() {
    String big = "x-big: " + "a".repeat(70_000);
    String chunked = "Transfer-Encoding: chunked";
    return List.of(
        whole(
            "too long by its length", head("Content-Length: 999999999"), 413, "request_too_large"),
        whole("too long in chunks", tooLongInChunks(), 413, "request_too_large"),
        whole("too long a head", head("Content-Length: 2", big), 431, "headers_too_large"),
        whole(
            "both framings", head("Content-Length: 5", chunked) + "0\r\n\r\n", 400, "bad_request"),
        whole("two lengths", head("Content-Length: 2", "Content-Length: 3"), 400, "bad_request"),
        whole("a negative length", head("Content-Length: -1"), 400, "bad_request"),
        whole("a length in words", head("Content-Length: two"), 400, "bad_request"),
        whole("gzip before chunked", head("Transfer-Encoding: gzip, chunked"), 400, "bad_request"),
        whole("only gzip", head("Transfer-Encoding: gzip"), 400, "bad_request"),
        whole("chunked twice", head(chunked, chunked), 400, "bad_request"),
        whole("a bad chunk size", head(chunked) + "zz\r\n{}\r\n", 400, "bad_request"),
        whole("a negative chunk size", head(chunked) + "-2\r\n{}\r\n", 400, "bad_request"),
        whole("a huge chunk size", head(chunked) + "fffffffff\r\n{}\r\n", 400, "bad_request"),
        whole("a space before the colon", head("Content-Length : 2") + "{}", 400, "bad_request"),
        whole("no host", Requests.chat(ASK).replace("Host: hub\r\n", ""), 400, "bad_request"),
        whole("two hosts", head("Content-Length: 2", "Host: other") + "{}", 400, "bad_request"),
        whole("too many headers", head("a:\r\n".repeat(1_000) + "b:"), 431, "headers_too_large"),
        whole(
            "too many folds",
            head("a:\r\n" + " \r\n".repeat(1_000) + "b:"),
            431,
            "headers_too_large"),
        whole("too long a line", post("POST /" + "a".repeat(9_000)), 431, "headers_too_large"),
        whole("HTTP/2 in words", spoken("HTTP/2.0"), 400, "bad_request"),
        whole("HTTP/1.2", spoken("HTTP/1.2"), 400, "bad_request"),
        whole("no HTTP", "hello there\r\n\r\n", 400, "bad_request"),
        whole("TLS to a plain port", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400, "bad_request"));
  }

  @ParameterizedTest
  @MethodSource({"bodies", "heads"})
  void refusesAndServesTheNextRequestOfTheConnection(Bad bad) throws IOException {
    try (RawClient client = new RawClient(hub)) {
      ReceivedMessage refusal = client.send(bad.bytes()).receive();
      ReceivedMessage next = client.send(Requests.chat(ASK)).receive();

      assertRefused(refusal, bad);
      assertThat(next.status()).isEqualTo(200);
      assertThat(provider.requests()).hasSize(1);
    }
  }

  /** It ends its side, so that nobody waits a second for more of it. */
  @ParameterizedTest
  @MethodSource("framings")
  void refusesAndClosesWhenNobodyKnowsWhereTheNextRequestBegins(Bad bad) throws IOException {
    try (RawClient client = new RawClient(hub)) {
      ReceivedMessage refusal = client.send(bad.bytes()).endSending().receive();

      assertRefused(refusal, bad);
      assertThat(refusal.header("connection")).isEqualTo("close");
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void saysThatTheLineIsTooLongAndNotTheHead() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String long9K = post("POST /" + "a".repeat(9_000));

      assertThat(client.send(long9K).receive().body()).contains("line", "8192 bytes");
    }
  }

  @Test
  void takesATargetThatNamesTheHost() throws IOException {
    for (String root : List.of("http://hub", "HTTPS://other:443")) {
      try (RawClient client = new RawClient(hub)) {
        String ask = Requests.chat(ASK).replace("/v1/chat", root + "/v1/chat");

        assertThat(client.send(ask).receive().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void refusesBeforeTheBodyIsSent() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String head =
          Requests.head(CHAT, "api-key: wrong", "Content-Length: 1000000", "Expect: 100-continue");

      assertThat(client.send(head).receive().status()).isEqualTo(401);
    }
  }

  /** A body that would be thrown away is short, and never comes from who waits to be asked. */
  @Test
  void refusesBeforeAShortBodyIsSent() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String head =
          Requests.head(CHAT, "api-key: wrong", "Content-Length: 10", "Expect: 100-continue");

      assertThat(client.send(head).receive().status()).isEqualTo(401);
    }
  }

  @Test
  void asksForTheBodyOfWhatNeedsNone() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String head =
          Requests.head("GET /v1/models", AUTHORIZED, "Content-Length: 2", "Expect: 100-continue");

      assertThat(client.send(head).receiveUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      assertThat(client.send("{}").receive().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesWithinFiftyMilliseconds() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      // The fastest of some: a pause of this machine is not the hub's.
      long fastestNanos = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        client.send(bodies().getFirst().bytes()).receive();
        fastestNanos = Math.min(fastestNanos, System.nanoTime() - start);
      }

      assertThat(Duration.ofNanos(fastestNanos)).isLessThan(Duration.ofMillis(50));
    }
  }

  @Test
  void takesNoSecondRequestAfterOneThatItCouldNotFrame() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String smuggled = "0\r\n\r\n" + Requests.chat(ASK);
      client.send(head("Content-Length: 5", "Transfer-Encoding: chunked") + smuggled);

      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void answersOnceWhenTheFramingBreaksAfterTheRefusal() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      client.send(tooLongInChunks() + "zz\r\n");

      assertThat(client.receive().status()).isEqualTo(413);
      assertThat(client.receiveOrClosed()).isNull();
    }
  }

  private static void assertRefused(ReceivedMessage refusal, Bad bad) {
    assertThat(refusal.status()).as(refusal.body()).isEqualTo(bad.status());
    assertThat(refusal.whole()).isTrue();
    assertThat(refusal.header("x-request-id")).isNotEmpty();
    assertThat(refusal.body())
        .matches(
            "\\{\"error\":\\{\"message\":\".+\",\"type\":\"[a-z_]+\","
                + "\"param\":(null|\"[a-z_]+\"),\"code\":\"[a-z_]+\"}}");
    if (bad.code() != null) {
      assertThat(refusal.body()).contains("\"code\":\"" + bad.code() + "\"");
    }
    if (bad.param() != null) {
      assertThat(refusal.body()).contains("\"param\":\"" + bad.param() + "\"");
    }
  }

  private static Bad body(
      String what, String body, int status, @Nullable String code, @Nullable String param) {
    return new Bad(what, Requests.chat(body), status, code, param);
  }

  private static String spoken(String version) {
    return Requests.chat(ASK).replace("HTTP/1.1", version);
  }

  private static Bad whole(String what, String request, int status, String code) {
    return new Bad(what, request, status, code, null);
  }

  /** A good body and one more member. */
  private static String with(String member) {
    return ASK.substring(0, ASK.length() - 1) + "," + member + "}";
  }

  private static String head(String... headers) {
    return Requests.head(CHAT, AUTHORIZED, String.join("\r\n", headers));
  }

  private static String post(String methodAndPath) {
    return Requests.post(methodAndPath, ASK, AUTHORIZED);
  }

  private static String asked(String... headers) {
    return Requests.post(CHAT, ASK, headers);
  }

  private static String typed(String contentType) {
    return Requests.chat(ASK).replace("application/json", contentType);
  }

  private static String tooLongInChunks() {
    String chunk = "8000\r\n" + " ".repeat(0x8000) + "\r\n";
    return head("Transfer-Encoding: chunked") + chunk.repeat(MAX_BODY / 0x8000 + 1);
  }
}
