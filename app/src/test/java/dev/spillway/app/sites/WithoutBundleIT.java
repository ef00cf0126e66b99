package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.tunnel.LinkStatus;
import dev.spillway.site.SiteAgent;
import dev.spillway.wire.link.HubMessage.NewBundle;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.SiteMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that were given a policy bundle and hold none. */
class WithoutBundleIT {
  private static final Duration AGAIN = Duration.ofSeconds(10);

  @TempDir Path folder;
  @AutoClose private TestSite hub;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
  }

  @Test
  void areGivenAnotherTenSecondsLaterAndNotBefore() throws Exception {
    UnrulyAgent agent = UnrulyAgent.dial(hub, hub.join());
    agent.say(UnrulyAgent.head("200", "abc123", LinkHeaders.CONTROL));
    saysItHoldsNone(agent, 1);
    until("it got one", () -> agent.heard(NewBundle.class) == 1);

    hub.passes(AGAIN.minusSeconds(1));
    saysItHoldsNone(agent, 2);
    hub.passes(AGAIN);
    saysItHoldsNone(agent, 3);

    until("it got another", () -> agent.heard(NewBundle.class) > 1);
    assertThat(agent.heard(NewBundle.class)).isEqualTo(2);
  }

  @Test
  void serveSoonAfterTheirClockIsRight() throws Exception {
    RecordingEngine engine = RecordingEngine.start();
    hub.keep(engine::close);
    WrongClock clock = new WrongClock();
    SiteAgent agent = hub.agent(hub.join(), "agent", clock, hub.address(), engine.port());
    until("it refused one", () -> agent.status().bundlesRefused() > 0);

    clock.wrong = Duration.ZERO;

    until(
        "it takes another",
        Duration.ofSeconds(30),
        () -> {
          hub.passes(AGAIN);
          return agent.status().bundleVersion() > 0;
        });
    until("it keeps that", () -> Files.exists(folder.resolve("agent").resolve("bundle")));
  }

  /** Whatever it was asked it would refuse; another bundle is of use once its clock is right. */
  @Test
  void areAskedNothingWhileTheirBundleIsTooOldByTheirClock() throws Exception {
    RecordingEngine engine = RecordingEngine.start();
    hub.keep(engine::close);
    WrongClock clock = new WrongClock();
    clock.wrong = Duration.ZERO;
    SiteAgent agent = hub.agent(hub.join(), "agent", clock, hub.address(), engine.port());
    until("the site is online", hub::isOnline);

    clock.wrong = Duration.ofHours(2);
    until("the hub knows", () -> !hub.links.isOnline(TestSite.CHICAGO, TestSite.CHAT));
    until(
        "it is given another",
        () -> {
          hub.passes(AGAIN);
          return agent.status().bundlesRefused() > 0;
        });
    clock.wrong = Duration.ZERO;

    until("the site is online again", hub::isOnline);
  }

  /** Returns when the hub has heard it. */
  private void saysItHoldsNone(UnrulyAgent agent, long atMillis) throws Exception {
    agent.say(
        new SiteMessage.Heartbeat(
            atMillis, 0, SiteMessage.State.SERVING, 0, List.of(), List.of(), List.of()));
    until(
        "it is heard",
        () ->
            hub.links.status().stream()
                .map(LinkStatus::heartbeat)
                .anyMatch(each -> each != null && each.nowMillis() == atMillis));
  }

  /** Two hours ahead, until somebody sets it right. */
  private static final class WrongClock extends Clock {
    private volatile Duration wrong = Duration.ofHours(2);

    @Override
    public Instant instant() {
      return Instant.now().plus(wrong);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
