package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thousand clients that begin and do not end: others are served, and memory is bounded. */
class HalfOpenClientsIT {
  private static final int CLIENTS = 1_000;
  private static final int MAX_BODY = 1 << 20;

  private ScriptedProvider provider;
  private TestHub hub;
  private final List<RawClient> halfOpen = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.with(TestHub.small(MAX_BODY, 2L * MAX_BODY + MAX_BODY / 4), provider.port());
  }

  @AfterEach
  void leaksNothing() throws Exception {
    leave();
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @Test
  void servesOthersBesideAThousandHalfHeads() throws Exception {
    begin(CLIENTS, "POST /v1/chat/completions HTTP/1.1\r\nHost: hub\r\nx-half: ");

    assertThat(ask(ASK)).isEqualTo(200);
  }

  @Test
  void servesOthersBesideAThousandHalfBodies() throws Exception {
    begin(CLIENTS, Requests.head(CHAT, AUTHORIZED, "Content-Length: 1000") + "{\"model\":");

    assertThat(ask(ASK)).isEqualTo(200);
  }

  @Test
  void refusesBodiesThatItHasNoMemoryForAndTakesThemAgainWhenOthersLeft() throws Exception {
    String head = Requests.head(CHAT, AUTHORIZED, "Content-Length: " + MAX_BODY);
    String almost = head + " ".repeat(MAX_BODY - 1);
    begin(4, head + " ".repeat(MAX_BODY / 2));
    awaitStatus(503);

    leave();
    awaitStatus(200);
    begin(1, almost);
    awaitStatus(200);

    begin(1, almost);

    awaitStatus(503, almost);
    assertThat(halfOpen.stream().filter(each -> !each.hasAnswer())).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void hasMemoryForAnotherTenantWhenOneHasTakenAllThatItCan() throws Exception {
    String head = Requests.head(CHAT, AUTHORIZED, "Content-Length: " + MAX_BODY);
    begin(20, head + " ".repeat(MAX_BODY / 8));
    awaitStatus(503);

    try (RawClient other = new RawClient(hub)) {
      String body = ASK + " ".repeat(MAX_BODY / 8);
      other.send(Requests.post(CHAT, body, "api-key: " + Requests.OTHER_KEY));

      assertThat(other.receive().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesNobodyForTheMemoryOfThoseThatWereRefused() throws Exception {
    String tooLong = Requests.head(CHAT, AUTHORIZED, "Transfer-Encoding: chunked");
    String chunk = "8000\r\n" + " ".repeat(0x8000) + "\r\n";
    begin(4, tooLong + chunk.repeat(MAX_BODY / 0x8000 + 1));
    for (RawClient each : halfOpen) {
      assertThat(each.receive().status()).isIn(413, 503);
    }

    assertThat(whole()).isEqualTo(200);
  }

  private void begin(int clients, String bytes) throws IOException {
    for (int i = 0; i < clients; i++) {
      halfOpen.add(new RawClient(hub).send(bytes));
    }
  }

  private void leave() throws IOException {
    for (RawClient each : halfOpen) {
      each.close();
    }
    halfOpen.clear();
  }

  /**
   * Asks until this is the answer: the hub may not have read yet what others sent or that they
   * left.
   */
  private void awaitStatus(int status) throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    int got = whole();
    while (got != status && System.nanoTime() - end < 0) {
      got = whole();
    }
    assertThat(got).isEqualTo(status);
  }

  /**
   * The same, where the last of the others may be refused in place of whoever is served while it is
   * read: then it sends once more.
   */
  private void awaitStatus(int status, String again) throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    int got = whole();
    while (got != status && System.nanoTime() - end < 0) {
      if (halfOpen.getLast().hasAnswer()) {
        begin(1, again);
      }
      got = whole();
    }
    assertThat(got).isEqualTo(status);
  }

  /** The status of a request with a body of the greatest length. */
  private int whole() throws IOException {
    return ask(ASK + " ".repeat(MAX_BODY - ASK.length()));
  }

  private int ask(String body) throws IOException {
    try (RawClient client = new RawClient(hub)) {
      return client.send(Requests.chat(body)).receive().status();
    }
  }
}
