package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client whose requests on one connection have the same head, as those of any client's have. */
class SameHeadsIT {
  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @Test
  void getsAnAnswerToEachBody() throws Exception {
    try (RawClient client = new RawClient(hub)) {
      for (int i = 0; i < 6; i++) {
        String body = ask(i);

        assertThat(answer(client, Requests.chat(body)).body()).isEqualTo(Answers.WHOLE);
        assertThat(provider.requests().get(i).body()).contains("number " + "9".repeat(i));
      }
    }
  }

  @Test
  void maySendABodyInPieces() throws Exception {
    try (RawClient client = new RawClient(hub)) {
      for (int i = 0; i < 6; i++) {
        String request = Requests.chat(ask(i));
        int body = request.indexOf("\r\n\r\n") + 4;
        for (String piece :
            List.of(
                request.substring(0, body - i),
                request.substring(body - i, body + 9),
                request.substring(body + 9))) {
          client.send(piece);
          Thread.sleep(2); // so that each is read by itself
        }

        assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
        assertThat(provider.requests().get(i).body()).contains("number " + "9".repeat(i));
      }
    }
  }

  /** The key, the path and the id are as long as those before. */
  @Test
  void isAskedAnewWhoItIsAndWhatItWantsWhereAByteDiffers() throws Exception {
    String mine = Requests.post(CHAT, ASK, AUTHORIZED, "x-request-id: id-1");
    try (RawClient client = new RawClient(hub)) {
      for (int i = 0; i < 3; i++) {
        assertThat(answer(client, mine).header("x-request-id")).isEqualTo("id-1");
      }

      assertThat(answer(client, mine.replace("team-a", "team-x")).status()).isEqualTo(401);
      assertThat(answer(client, mine).status()).isEqualTo(200);
      assertThat(answer(client, mine.replace("id-1", "id-2")).header("x-request-id"))
          .isEqualTo("id-2");
      assertThat(answer(client, mine.replace("/v1/chat", "/v1/chit")).status()).isEqualTo(404);
      assertThat(answer(client, mine).header("x-request-id")).isEqualTo("id-1");
    }
  }

  @Test
  void isGivenANewIdForEach() throws Exception {
    try (RawClient client = new RawClient(hub)) {
      List<String> ids =
          List.of(
              answer(client, Requests.chat(ASK)).header("x-request-id"),
              answer(client, Requests.chat(ASK)).header("x-request-id"),
              answer(client, Requests.chat(ASK)).header("x-request-id"));

      assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
    }
  }

  @Test
  void isToldThatABodyIsTooLongAsAnyoneIs() throws Exception {
    try (RawClient client = new RawClient(hub)) {
      for (int i = 0; i < 3; i++) {
        assertThat(answer(client, Requests.chat(ASK)).status()).isEqualTo(200);
      }
      String length = "Content-Length: " + ASK.length();

      client.send(Requests.chat(ASK).replace(length, "Content-Length: 999999999"));

      assertThat(client.receive().status()).isEqualTo(413);
    }
  }

  /** The head of what is served is never that of a request before the one that is malformed. */
  @Test
  void isServedNothingBehindARequestThatWasRefusedWhileItCame() throws Exception {
    String tooLong =
        Requests.head(CHAT, "Transfer-Encoding: chunked", AUTHORIZED)
            + "4000\r\n"
            + " ".repeat(0x4000)
            + "\r\n0\r\n\r\n";
    String hostless = Requests.chat(ASK).replace("Host: hub\r\n", "");
    try (TestHub small = TestHub.with(TestHub.small(10_000, 400_000), provider.port());
        RawClient client = new RawClient(small)) {
      client.send(tooLong + Requests.chat(ASK) + hostless.repeat(4));

      assertThat(client.receive().status()).isEqualTo(413);
      Still.forAMoment();
      assertThat(provider.requests()).isEmpty();
    }
  }

  private static String ask(int nines) {
    return ASK.replace("Hello", "number " + "9".repeat(nines));
  }

  private static ReceivedMessage answer(RawClient client, String request) throws IOException {
    return client.send(request).receive();
  }
}
