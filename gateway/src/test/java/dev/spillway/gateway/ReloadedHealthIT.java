package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Requests.ASK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.testkit.faulty.FaultyProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known of deployments that another configuration leaves where they were. */
class ReloadedHealthIT {
  private static final int ENOUGH_TO_OPEN = 20;

  @ParameterizedTest
  @EnumSource
  void asksNobodyAnewWhoWasDown(Protocol protocol) throws Exception {
    int nobody = FaultyProvider.closedPort();
    try (ScriptedProvider other = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(nobody, other.port());
        TestClient client = protocol.connect(hub)) {
      for (int i = 0; i < ENOUGH_TO_OPEN && isClosed(hub); i++) {
        client.send(Requests.chat(ASK));
        assertThat(client.receive().body()).isEqualTo(WHOLE);
        assertThat(hub.nextEnded().failures()).hasSize(1);
      }
      assertThat(isClosed(hub)).isFalse();

      hub.reload(HubPlan.before(nobody, other.port()), 0);
      client.send(Requests.chat(ASK));

      assertThat(client.receive().body()).isEqualTo(WHOLE);
      assertThat(hub.nextEnded().failures()).isEmpty();
    }
  }

  private static boolean isClosed(TestHub hub) {
    return hub.status(0).breaker() == BreakerState.CLOSED;
  }
}
