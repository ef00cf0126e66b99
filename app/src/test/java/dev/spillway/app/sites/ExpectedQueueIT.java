package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHAT;
import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.tunnel.LinkedUpstreams;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.Credential;
import dev.spillway.gateway.upstream.Linked;
import dev.spillway.gateway.upstream.SiteNote;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.providers.Dialects;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.Serves;
import dev.spillway.wire.link.SiteMessage;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a hub tells a site of the queue that it expects there. */
class ExpectedQueueIT {
  private static final long AT_ONE = 3_000_000;
  private static final long AT_TWO = 5_000_000;

  private static final Upstream UPSTREAM =
      new Upstream(
          CHAT,
          new Linked(CHICAGO),
          new UpstreamTarget("/v1", MODEL.value(), null, UpstreamTarget.EngineOrder.ARRIVAL),
          Dialects.named("openai"),
          Credential.NONE);

  @TempDir Path folder;
  @AutoClose private TestSite hub;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
  }

  /** Another replica of the hub may have sent what waits there. */
  @ParameterizedTest
  @CsvSource({"0, 3000000", "4000000, 4000000"})
  void isNoLessThanWhatTheSiteSaid(long ownMicros, long toldMicros) throws Exception {
    SiteIdentity identity = hub.join();
    UnrulyAgent control = UnrulyAgent.dial(hub, identity);
    control.say(UnrulyAgent.head("200", "abc123", LinkHeaders.CONTROL));
    UnrulyAgent data = UnrulyAgent.dial(hub, identity);
    data.say(UnrulyAgent.head("200", "abc123", LinkHeaders.DATA));
    control.say(heartbeat());
    until("the site is online", hub::isOnline);

    send(ownMicros);

    until("it is asked", () -> data.heads().size() == 2);
    assertThat(data.heads().getLast().getLong(LinkHeaders.EXPECTED_QUEUE)).isEqualTo(toldMicros);
  }

  private void send(long expectedMicros) {
    EventLoop loop = hub.loops.next();
    AttemptRequest request =
        new AttemptRequest(
            HttpMethod.POST,
            "/v1/chat/completions",
            EmptyHttpHeaders.INSTANCE,
            Unpooled.EMPTY_BUFFER,
            new SiteNote("", 10, expectedMicros, ""));
    LinkedUpstreams upstreams =
        new LinkedUpstreams(
            loop,
            (to, any, answer) -> {
              throw new IllegalStateException("it has no address");
            },
            hub.links);
    loop.execute(() -> {
      Received received = new Received(loop);
      received.attemptIs(upstreams.open(UPSTREAM, request, received));
    });
  }

  private static SiteMessage heartbeat() {
    return UnrulyAgent.heartbeat(
        List.of(
            new SiteMessage.DeploymentState(
                CHAT,
                10_000,
                SiteMessage.Pace.UNKNOWN,
                Serves.UNKNOWN,
                List.of(engine("one", AT_ONE), engine("two", AT_TWO)))));
  }

  private static ReplicaState engine(String name, long queueMicros) {
    return new ReplicaState(name, 0, 0, 0, 0, 0, queueMicros);
  }
}
