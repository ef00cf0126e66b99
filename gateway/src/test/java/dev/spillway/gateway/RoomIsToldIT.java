package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.provider.EngineReport;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Room that no request of this hub made: engines told of it. */
class RoomIsToldIT {
  private static final EngineReport FULL = new EngineReport(256, 4_000, 1, 1);
  private static final EngineReport IDLE = new EngineReport(0, 0, 0, 1);
  private static final Duration AT_ONCE = Duration.ofMillis(500);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void letsThoseGoAtOnceWhoWait(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      hub.report(0, FULL);
      client.send(Requests.chat(Requests.ASK));
      Until.holds("it waits", () -> hub.waiting() == 1);

      long told = System.nanoTime();
      hub.report(0, IDLE);

      assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(AT_ONCE);
    }
  }
}
