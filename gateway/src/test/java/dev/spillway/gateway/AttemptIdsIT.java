package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Engines take an id of a request once; clients may give several requests the same. */
class AttemptIdsIT {
  private static final String MINE = Requests.post(CHAT, ASK, AUTHORIZED, "x-request-id: mine");

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void callsEachAttemptByItsDecisionAndNumber() throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(Script.answer(500, "{}"));
        ScriptedProvider second = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(first.port(), second.port());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(MINE).receive();

      String decision = answer.header("x-spillway-decision");
      assertThat(decision).isNotEmpty();
      assertThat(id(first, 0)).isEqualTo(decision + "-1");
      assertThat(id(second, 0)).isEqualTo(decision + "-2");
      assertThat(answer.header("x-request-id")).isEqualTo("mine");
      assertThat(hub.nextEnded().requestId()).isEqualTo("mine");
    }
  }

  @Test
  void callsNoTwoRequestsAlikeThatTheirClientDoes() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub);
        RawClient other = new RawClient(hub)) {
      client.send(MINE).receive();
      client.send(MINE).receive();
      other.send(MINE).receive();

      Set<String> ids = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        ids.add(id(provider, i));
      }
      assertThat(ids).hasSize(3);
    }
  }

  private static String id(ScriptedProvider provider, int request) {
    return provider.requests().get(request).header("x-request-id");
  }
}
