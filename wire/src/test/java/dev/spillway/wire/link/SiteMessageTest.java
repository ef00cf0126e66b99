package dev.spillway.wire.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
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
import java.util.stream.IntStream;
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
                  new Serves(32_768, List.of("gpt-4o", "gpt-4o-legal"), 3),
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
  void readsTheHeartbeatOfAnAgentThatDoesNotSayWhatItsEnginesServe() throws MalformedMessage {
    String text =
        new String(HEARTBEAT.encode(), UTF_8)
            .replaceAll("\"context\":\\d+,\"models\":\\[[^]]*\\],\"models_more\":\\d+,", "");

    Heartbeat older = (Heartbeat) read(text);

    assertThat(text).doesNotContain("context").doesNotContain("models");
    assertThat(older.deployments().getFirst().serves()).isEqualTo(Serves.UNKNOWN);
    assertThat(older.deployments().getFirst().replicas()).hasSize(1);
  }

  @Test
  void readsNamesOfWhichNoneIsCommonAsAnotherWordThanNoNames() throws MalformedMessage {
    assertThat(serves("{\"context\":0,\"models\":[]}")).isEqualTo(new Serves(0, List.of(), 0));
    assertThat(serves("{\"context\":9}")).isEqualTo(new Serves(9, null, 0));
  }

  @Test
  void keepsOfWhatIsServedOnlyWhatCanBeShownAndIsNotTooMuch() throws MalformedMessage {
    String many = IntStream.range(0, 20).mapToObj(i -> "\"m" + i + "\"").collect(joining(","));
    String odd = "\"a\\nb\",\"" + "x".repeat(257) + "\",\" \",\"fine\"";

    assertThat(serves("{\"models\":[" + many + "]}").models()).hasSize(16).startsWith("m0", "m1");
    assertThat(serves("{\"models\":[" + many + "]}").more()).isEqualTo(4);
    assertThat(serves("{\"models\":[" + odd + "],\"models_more\":2}"))
        .isEqualTo(new Serves(0, List.of("fine"), 5));
    assertThat(serves("{\"context\":-5}")).isEqualTo(Serves.UNKNOWN);
    assertThat(serves("{\"context\":99999999999}").contextTokens()).isEqualTo(Integer.MAX_VALUE);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> serves("{\"context\":\"much\"}"));
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> serves("{\"models\":[1]}"));
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

  /** Each becomes a row that is kept, and shown. */
  @Test
  void takesNothingThatNamesOneOfAListTwice() {
    String text = new String(HEARTBEAT.encode(), UTF_8);

    for (String twice :
        List.of(
            "{\"reason\":\"clause\",\"times\":3}",
            "{\"reason\":\"rolled-back\",\"times\":2}",
            text.substring(text.indexOf("{\"id\""), text.lastIndexOf(']')))) {
      assertThat(text).contains(twice);
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> read(text.replace(twice, twice + "," + twice)));
    }
  }

  @Test
  void takesNoPaceForOneThatIsNoNumberOrBelowZero() throws MalformedMessage {
    String text = new String(HEARTBEAT.encode(), UTF_8);

    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> read(text.replace("12500", "\"fast\"")));
    assertThat(((Heartbeat) read(text.replace("12500", "-5"))).deployments().getFirst().pace())
        .isEqualTo(new Pace(0, 20_100, 15_300));
  }

  /** Of a deployment of which this is said beside what always is. */
  private static Serves serves(String said) throws MalformedMessage {
    String fields = said.substring(1, said.length() - 1);
    String text =
        """
        {"now_millis":1,"bundle":1,"state":"SERVING","covered":0,"refusals":[],"deployments":[
         {"id":"chat-oci","prefill":0,%s,"replicas":[]}]}\
        """
            .formatted(fields);
    return ((Heartbeat) read(text)).deployments().getFirst().serves();
  }

  private static SiteMessage read(String text) throws MalformedMessage {
    return SiteMessage.decode(ByteSlice.of(text));
  }
}
