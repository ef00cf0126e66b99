package dev.spillway.wire.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.SiteMessage.BundlesRefused;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.Pace;
import dev.spillway.wire.link.SiteMessage.Refused;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import dev.spillway.wire.link.SiteMessage.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiteMessageTest {
  private static final Heartbeat HEARTBEAT =
      new Heartbeat(
          1_764_000_000_000L,
          7,
          State.SERVING,
          42,
          List.of(new Refused(SiteRefusal.CLAUSE, 3), new Refused(SiteRefusal.GONE, 1)),
          List.of(new BundlesRefused(BundleRefusal.ROLLED_BACK, 2)),
          List.of(
              new DeploymentState(
                  new DeploymentId("chat-oci"),
                  12_000,
                  new Pace(12_500, 20_100, 15_300),
                  List.of(new ReplicaState("7f3a", 1, 2, 345, 120, 3, 45_000)))));

  @Test
  void readsAHeartbeatAsItWasWritten() throws MalformedMessage {
    assertThat(read(new String(HEARTBEAT.encode(), UTF_8))).isEqualTo(HEARTBEAT);
  }

  @Test
  void readsTheHeartbeatOfAnAgentThatKnowsNoPace() throws MalformedMessage {
    String text = new String(HEARTBEAT.encode(), UTF_8).replaceAll("\"pace_\\w+\":\\d+,", "");

    Heartbeat older = (Heartbeat) read(text);

    assertThat(text).doesNotContain("pace");
    assertThat(older.deployments().getFirst().pace()).isEqualTo(Pace.UNKNOWN);
    assertThat(older.deployments().getFirst().prefillTokensPerSecond()).isEqualTo(12_000);
  }

  @Test
  void readsTheHeartbeatOfAnAgentThatCountsNoBundlesOrKnowsOtherReasons() throws MalformedMessage {
    String text = new String(HEARTBEAT.encode(), UTF_8);

    Heartbeat older = (Heartbeat) read(text.replaceAll("\"bundles_refused\":\\[[^]]*\\],", ""));
    Heartbeat newer = (Heartbeat) read(text.replace("rolled-back", "of-the-wrong-colour"));

    assertThat(older.bundleRefusals()).isEmpty();
    assertThat(newer.bundleRefusals()).isEmpty();
    assertThat(newer.refusals()).isEqualTo(HEARTBEAT.refusals());
  }

  @Test
  void takesNoPaceForOneThatIsNoNumberOrBelowZero() throws MalformedMessage {
    String text = new String(HEARTBEAT.encode(), UTF_8);

    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> read(text.replace("12500", "\"fast\"")));
    assertThat(((Heartbeat) read(text.replace("12500", "-5"))).deployments().getFirst().pace())
        .isEqualTo(new Pace(0, 20_100, 15_300));
  }

  private static SiteMessage read(String text) throws MalformedMessage {
    return SiteMessage.decode(ByteSlice.of(text));
  }
}
