package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.Serves;
import dev.spillway.wire.link.SiteMessage;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a hub tells a site of the queue that it expects there, by whether anybody else would take
 * the request.
 */
class NowhereElseIT {
  private static final long QUEUE_MICROS = 20_000;
  private static final long ANY_MICROS = Duration.ofHours(1).toNanos() / 1_000;

  private static final String PRESENT =
      "spillway_deployment_present{deployment=\"chat-two\",site=\"oci-chicago\"} 1";

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private LinkedHub linked;
  private UnrulyAgent control;
  private UnrulyAgent data;

  @BeforeEach
  void start() throws Exception {
    linked = new LinkedHub(folder, config());
    SiteIdentity identity = linked.joinAgain(linked.read(siteYaml()));
    control = agent(identity, LinkHeaders.CONTROL);
    data = agent(identity, LinkHeaders.DATA);
    control.say(
        UnrulyAgent.heartbeat(
            Stream.of("chat-alone", "chat-one", "chat-two").map(NowhereElseIT::busy).toList()));
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    data.close();
    control.close();
    linked.close();
    loops.shutdownGracefully(0, 2, SECONDS).syncUninterruptibly();
  }

  @Test
  void isAnyWhereNobodyElseTakesIt() throws Exception {
    assertThat(told("alone")).isEqualTo(ANY_MICROS);
  }

  @Test
  void isWhatTheSiteSaidWhereAnotherTakesIt() throws Exception {
    assertThat(told("both")).isEqualTo(QUEUE_MICROS);
  }

  private UnrulyAgent agent(SiteIdentity identity, String kind) throws Exception {
    UnrulyAgent agent = UnrulyAgent.dial(loops, linked.hub().linkPort(), identity);
    agent.say(UnrulyAgent.head("200", "abc123", kind));
    return agent;
  }

  /** What the site is told with a request for this model, which it never answers. */
  private long told(String model) {
    until("the site is there", () -> metrics().contains(PRESENT));
    HttpRequest request =
        HubRequest.to(
            linked.hub().dataPort(),
            "POST",
            HubRequest.CHAT,
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                .formatted(model));
    var answer = client.sendAsync(request, BodyHandlers.discarding());
    until("it is asked", () -> data.heads().size() == 2);
    assertThat(answer).isNotDone();
    return data.heads().getLast().getLong(LinkHeaders.EXPECTED_QUEUE);
  }

  private String metrics() {
    try {
      return linked.page("http://127.0.0.1:" + linked.hub().adminPort() + "/metrics");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static DeploymentState busy(String deployment) {
    return new DeploymentState(
        new DeploymentId(deployment),
        10_000,
        SiteMessage.Pace.UNKNOWN,
        Serves.UNKNOWN,
        List.of(new ReplicaState("one", 0, 0, 0, 0, 0, QUEUE_MICROS)));
  }

  private static String siteYaml() {
    return """
    site: oci-chicago
    hubs: ["127.0.0.1:${port}"]
    status: 127.0.0.1:0
    deployments:
      chat-alone: {engines: [{url: "http://127.0.0.1:1"}]}
      chat-one: {engines: [{url: "http://127.0.0.1:1"}]}
      chat-two: {engines: [{url: "http://127.0.0.1:1"}]}
    """;
  }

  private static String config() {
    return """
    platform: azure-ai
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    sites:
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    deployments:
      chat-alone:
        {site: oci-chicago, model: alone, dialect: vllm, link: site-agent,
         capacity: {kind: self-hosted, replicas: 1}}
      chat-one:
        {site: oci-chicago, model: both, dialect: vllm, link: site-agent,
         capacity: {kind: self-hosted, replicas: 1}}
      chat-two:
        {site: oci-chicago, model: both, dialect: vllm, link: site-agent,
         capacity: {kind: self-hosted, replicas: 1}}
    tenants:
      team-a: {keys: [{sha256: %s}]}
    """
        .formatted(KeyDirectory.sha256("sk-test"));
  }
}
