package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHATGPT;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.WorkloadClass;
import dev.spillway.site.SiteAgent;
import dev.spillway.testkit.Relay;
import dev.spillway.wire.link.HubAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that stops while the end of an answer is on its way to the hub. */
class AgentLeavesIT {
  /** So slow that the hub pings more than once while the end of the answer is on its way. */
  private static final int BYTES_PER_SECOND = 10 << 10;

  /** All of it is under way before the hub has taken any. */
  private static final int LITTLE = 30_000;

  @TempDir Path folder;

  @Test
  void leavesOnceTheHubHasTheEndOfEveryAnswer() throws Exception {
    String words = "x".repeat(LITTLE);
    try (TestSite hub = new TestSite(folder);
        RecordingEngine engine = RecordingEngine.start();
        Relay relay = Relay.to(hub.port())) {
      engine.says(words);
      relay.narrows();
      HubAddress through = new HubAddress("127.0.0.1", relay.port());
      SiteAgent agent = hub.agent(hub.join(), "agent", Clock.systemUTC(), through, engine.port());
      until("the site is online", hub::isOnline);
      relay.carries(BYTES_PER_SECOND);

      Received answer = ask(hub);
      until("the engine has answered", () -> engine.asked().size() == 1);
      agent.drain(Duration.ofSeconds(60));
      agent.close();

      assertThat(answer.text()).contains(words);
      assertThat(answer.failure()).isNull();
    }
  }

  private static Received ask(TestSite hub) {
    String facts = hub.facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, "r-1");
    byte[] json =
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .getBytes(UTF_8);
    return hub.send(hub.loops.next(), facts, json, 10, 60_000_000);
  }
}
