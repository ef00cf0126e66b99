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

/** A key may come in several headers, as long as they name one. */
class KeyHeadersIT {
  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() throws Exception {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  /** Clients that set both from one setting mean one key. */
  @Test
  void takesOneKeyInTwoHeaders() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      client.send(
          asked(AUTHORIZED, "api-key: \t" + Requests.KEY + " ", "x-api-key: " + Requests.KEY));

      assertThat(client.receive().status()).isEqualTo(200);
    }
  }

  /** Anthropic's clients send both headers, one of them empty where only the other is set. */
  @Test
  void takesAnEmptyKeyForNone() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String named = "x-api-key: " + Requests.KEY;
      for (String request :
          List.of(
              asked(AUTHORIZED, "x-api-key: "),
              asked("api-key: ", AUTHORIZED),
              asked("Authorization: Bearer ", named),
              asked("api-key: ", named))) {
        assertThat(client.send(request).receive().status()).as(request).isEqualTo(200);
      }
    }
  }

  private static String asked(String... headers) {
    return Requests.post(CHAT, ASK, headers);
  }
}
