package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.identity.SiteIdentity;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hub, agent and engine over real sockets: mTLS, HTTP/2 backwards, a real answer. */
class SiteLinkIT {
  @TempDir Path folder;
  @AutoClose private TestSite hub;
  private LiveEngine engine;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    hub.keep(engine::close);
  }

  @Test
  void servesAStreamFromAnEngineThatNobodyCanReach() throws Exception {
    linked();

    Received answer = hub.chat(20);

    assertThat(answer.text()).contains("data: ").endsWith("data: [DONE]\n\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.failure()).isNull();
  }

  @Test
  void answersOnTheCallersLoopWhicheverConnectionItTook() throws Exception {
    linked();

    List<Received> answers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      EventLoop caller = hub.loops.next();
      answers.add(hub.chat(5, caller));
    }

    for (Received each : answers) {
      assertThat(each.text()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void stopsTheEngineWhenTheCallerLeaves() throws Exception {
    SiteAgent agent = linked();
    Received answer = hub.chat(4_000);
    until("content came", () -> answer.bytes() > 0);

    long left = System.nanoTime();
    answer.cancel();

    until("the request is over", () -> agent.status().requests() == 0);
    assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void holdsTheEngineUpWhileTheCallerReadsNothing() throws Exception {
    linked();
    Received slow = hub.chat(700);
    until("content came", () -> slow.bytes() > 0);
    slow.pause();

    Received fast = hub.chat(20);

    assertThat(fast.text()).endsWith("data: [DONE]\n\n");
    slow.resume();
    assertThat(slow.text()).endsWith("data: [DONE]\n\n");
  }

  /** It would be an error of the whole connection there, and end what others have on it. */
  @Test
  void sendsNoHeadThatALinkDoesNotTake() throws Exception {
    linked();
    List<Received> others = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      others.add(hub.chat(100));
    }
    until("they have content", () -> others.stream().allMatch(each -> each.bytes() > 0));

    Received longer = hub.send(hub.loops.next(), "a".repeat(16 << 10), 2);

    assertThat(longer.failure())
        .hasFieldOrPropertyWithValue("kind", AttemptFailure.Kind.REST_REFUSED);
    for (Received each : others) {
      assertThat(each.text()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void keepsItsConnectionsThoughAThousandRequestsAreCancelled() throws Exception {
    SiteAgent agent = linked();
    until("all connections are up", () -> areLinked(1));
    List<Received> running = chats(4, 700); // one a connection
    running.forEach(Received::pause);

    for (int i = 0; i < 20; i++) {
      List<Received> cancelled = chats(60, 4_000);
      cancelled.forEach(Received::cancel);
      until("they are gone", () -> agent.status().requests() == running.size());
    }

    running.forEach(Received::resume);
    for (Received each : running) {
      assertThat(each.text()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void closesTheLinksOfARevokedSiteWithinASecond() throws Exception {
    linked();
    Received running = hub.chat(20_000);
    until("content came", () -> running.bytes() > 0);

    long told = System.nanoTime();
    hub.enrolment.revoke(CHICAGO);

    until("the running answer broke off", running::isOver);
    assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(1));
    until("no link is left", () -> hub.links.status().isEmpty());
    assertThat(hub.chat(1).failure())
        .hasFieldOrPropertyWithValue("kind", AttemptFailure.Kind.UNREACHABLE);
  }

  @Test
  void comesBackWhenTheHubDoes() throws Exception {
    linked();

    hub.killHub();
    until("the site is gone", () -> !hub.isOnline());
    hub.restartHub();

    until("the site is back", Duration.ofSeconds(5), hub::isOnline);
    assertThat(hub.chat(5).text()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void isOfflineWhenItsEngineIs() throws Exception {
    linked();

    engine.kill();

    until("the site is offline", () -> !hub.links.isOnline(CHICAGO, TestSite.CHAT));
    engine.restart();
    until("the site is online", hub::isOnline);
  }

  @Test
  void drainsAndLetsASecondAgentTakeOver() throws Exception {
    SiteIdentity identity = hub.join();
    SiteAgent first = hub.agent(identity, "agent", engine.port());
    until("linked", hub::isOnline);
    Received running = hub.chat(300);
    until("content came", () -> running.bytes() > 0);

    hub.agent(identity, "agent", engine.port());
    until("both are linked", () -> areLinked(2));
    Thread draining = Thread.ofVirtual().start(() -> drain(first));
    until("the first takes nothing", () -> first.status().draining());

    for (int i = 0; i < 20; i++) {
      assertThat(hub.chat(2).text()).endsWith("data: [DONE]\n\n");
    }
    assertThat(running.text()).endsWith("data: [DONE]\n\n");
    draining.join();
    first.close();
  }

  /** So many that have content. */
  private List<Received> chats(int count, int outputTokens) {
    List<Received> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(hub.chat(outputTokens));
    }
    until("content came", () -> answers.stream().allMatch(each -> each.bytes() > 0));
    return answers;
  }

  private boolean areLinked(int agents) {
    return hub.links.status().size() == agents
        && hub.links.status().stream()
            .allMatch(each -> each.connections() >= 4 && each.heartbeat() != null);
  }

  private SiteAgent linked() throws Exception {
    SiteAgent agent = hub.agent(hub.join(), "agent", engine.port());
    until("the site is online", hub::isOnline);
    return agent;
  }

  private static void drain(SiteAgent agent) {
    try {
      agent.drain(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
