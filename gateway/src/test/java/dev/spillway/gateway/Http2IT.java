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
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS, on the port that also speaks HTTP/1.1. */
class Http2IT {
  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void answersWhole() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK)).receive();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(WHOLE);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.header("x-request-id")).isNotEmpty();
      assertThat(answer.header("x-spillway-site")).isEqualTo("home");
    }
  }

  @Test
  void streams() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.head()).doesNotContain("transfer-encoding").doesNotContain("connection");
    }
  }
}
