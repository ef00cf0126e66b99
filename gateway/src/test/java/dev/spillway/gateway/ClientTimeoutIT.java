package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.SECOND;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long clients say that they wait. The official ones tell their timeout, stop their clock at
 * the head of an answer, and read a stream for as long as it comes; ours bounds all of it.
 */
@ParameterizedClass
@EnumSource(Protocol.class)
class ClientTimeoutIT {
  private static final String OFFICIAL = "x-stainless-timeout: 1";
  private static final String OURS = "x-spillway-timeout-ms: 1000";

  /** Begins at once, and goes on when either timeout is over. */
  private static final Script SLOW =
      connection -> {
        connection.send(streamHead() + chunks(FIRST));
        Thread.sleep(2_000); // a timeout that is not kept shows by nothing but time
        connection.send(chunks(SECOND, FINISH, DONE) + LAST_CHUNK);
      };

  private static final Script SILENT = ProviderConnection::awaitLeaving;

  private final Protocol protocol;

  ClientTimeoutIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void letsAStreamGoOnThatBeganBeforeAnOfficialClientsTimeout() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(SLOW);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post(CHAT, ASK_STREAMED, AUTHORIZED, OFFICIAL));

      assertThat(client.receive().body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void endsAStreamAtOurTimeoutWhateverTheOfficialOneSays() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(SLOW);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post(CHAT, ASK_STREAMED, AUTHORIZED, OURS, "x-stainless-timeout: 60"));

      assertThat(client.receive().body())
          .startsWith(FIRST + "event: error\n")
          .contains("1000 ms")
          .doesNotContain("[DONE]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ASK, ASK_STREAMED})
  void refusesWhatHasNotBegunAtAnOfficialClientsTimeout(String body) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(SILENT);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post(CHAT, body, AUTHORIZED, OFFICIAL));

      ReceivedMessage refused = client.receive();
      assertThat(refused.status()).isEqualTo(504);
      assertThat(refused.body()).contains("1000 ms");
    }
  }
}
