package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.app.config.Address;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.control.sites.Authority;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.tunnel.HubLinks;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients and the partner see of a hub whose partner has an agent. */
class LinkedHubIT {
  private static final Duration SIX_HOURS = Duration.ofHours(6);

  @TempDir Path folder;
  private LiveEngine engine;
  private LiveEngine home;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    engine = LinkedHub.engine();
    home = LinkedHub.engine();
    linked = new LinkedHub(folder, config(""));
  }

  @AfterEach
  void stop() {
    linked.close();
    engine.close();
    home.close();
  }

  @Test
  void servesThroughTheAgentAndSaysSo() throws Exception {
    join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);

    HttpResponse<String> answer = linked.chat("gpt-4o-far", true);

    assertThat(answer.body()).contains("data: ").endsWith("data: [DONE]\n\n");
    assertThat(answer.headers().firstValue("x-spillway-site")).hasValue("oci-chicago");
    assertThat(linked.page("http://127.0.0.1:" + linked.hub().adminPort() + "/metrics"))
        .contains("spillway_link_connections{agent=")
        .contains("site=\"oci-chicago\"");
    assertThat(linked.page("http://127.0.0.1:" + linked.agent().statusPort() + "/"))
        .contains("site          oci-chicago")
        .contains(": linked, ")
        .doesNotContain("team-a");
  }

  @Test
  void showsNoMetricAndNoLabelThatIsNotWrittenDown() throws Exception {
    join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
    linked.chat("gpt-4o-far", true);

    String page = linked.page("http://127.0.0.1:" + linked.hub().adminPort() + "/metrics");

    assertThat(MetricLabels.shown(page)).hasSizeGreaterThan(10);
    assertThat(MetricLabels.written()).containsAllEntriesOf(MetricLabels.shown(page));
  }

  @Test
  void answersFromHomeWhenNoAgentIsLinked() throws Exception {
    HttpResponse<String> both = linked.chat("gpt-4o", false);
    HttpResponse<String> far = linked.chat("gpt-4o-far", false);

    assertThat(both.statusCode()).isEqualTo(200);
    assertThat(both.headers().firstValue("x-spillway-site")).hasValue("azure-eastus2");
    assertThat(far.statusCode()).isEqualTo(503);
  }

  @Test
  void sendsNothingToASiteThatIsGoneAndServesAgainWhenItIsBack() throws Exception {
    SiteAgentConfig config = join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);

    linked.stopAgent();
    until("nobody is there", Duration.ofSeconds(4), () -> linked.served("gpt-4o-far") == 503);
    linked.start(config);

    until("it serves again", Duration.ofSeconds(5), () -> linked.served("gpt-4o-far") == 200);
  }

  @Test
  void judgesByTheContractThatIsInForceOnBothSides() throws Exception {
    join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
    long before = linked.agent().status().bundleVersion();

    linked
        .hub()
        .reload(
            config(
                    "contract: {far-is-closed: {kind: deny, deployments: [chat-far],"
                        + " because: closed today}}")
                .getBytes(UTF_8));

    until("the bundle is there", () -> linked.agent().status().bundleVersion() > before);
    HttpResponse<String> answer = linked.chat("gpt-4o-far", false);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("far-is-closed");
  }

  @Test
  void letsNobodyInWhoWasRevoked() throws Exception {
    join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);

    linked.operator().revoke(LinkedHub.CHICAGO);

    until("nobody is there", Duration.ofSeconds(2), () -> linked.served("gpt-4o-far") == 503);
    until("it says so", () -> problem().contains("the hub revoked this agent"));
  }

  @Test
  void givesCertificatesForAsLongAsTheConfigurationSays(@TempDir Path elsewhere) throws Exception {
    String lives = config("").replace("links:", "link-certificate-life: 6h, links:");
    try (LinkedHub other = new LinkedHub(elsewhere, lives)) {
      other.join(siteYaml());

      X509Certificate given = other.agent().status().identity().certificate();
      assertThat(given.getNotAfter().toInstant())
          .isBetween(Instant.now().plus(Duration.ofHours(5)), Instant.now().plus(SIX_HOURS));
    }
  }

  @Test
  void showsHowFarTheClockOfAnAgentIsOff() throws Exception {
    SiteAgentConfig config = linked.read(siteYaml());
    linked.joinAgain(config);
    linked.start(config, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3)));

    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);

    assertThat(linked.page("http://127.0.0.1:" + linked.hub().adminPort() + "/metrics"))
        .containsPattern("spillway_link_clock_offset_seconds\\{agent=.*} 1(79|80)\\.");
  }

  @Test
  void takesUpWhatIsJoinedAgainWhileItRuns() throws Exception {
    SiteAgentConfig config = join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
    linked.operator().revoke(LinkedHub.CHICAGO);
    until("nobody is there", Duration.ofSeconds(2), () -> linked.served("gpt-4o-far") == 503);

    Thread.sleep(1_000); // certificates begin on a second: the new one is younger
    linked.joinAgain(config);

    until("it serves", Duration.ofSeconds(30), () -> linked.served("gpt-4o-far") == 200);
  }

  @Test
  void letsAgentsJoinUnderAnAuthorityFromOutside(@TempDir Path outside) throws Exception {
    FileSiteStore elsewhere = FileSiteStore.in(outside.resolve("store"));
    X509Certificate authority = Authority.of(elsewhere, Instant.now()).certificate();
    String file = outside.resolve("store").resolve("secrets").resolve("authority.pem").toString();
    linked.close();
    linked =
        new LinkedHub(
            outside, config("").replace("links:", "link-authority: \"" + file + "\", links:"));

    join();

    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
    assertThat(linked.agent().status().identity().authority()).isEqualTo(authority);
    linked.agent().status().identity().certificate().verify(authority.getPublicKey());
  }

  @Test
  void linksNoAgentWhosePageCannotBeHadAndSaysWhatToDo() throws Exception {
    SiteAgentConfig config = join();
    until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
    int taken = linked.agent().statusPort();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> linked.start(withStatus(config, "127.0.0.1", taken)))
        .withMessageStartingWith("status: 127.0.0.1:" + taken + ": ")
        .withMessageContaining("set status in site.yaml to another")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> linked.start(withStatus(config, "no-such-host.invalid", 9_191)))
        .withMessageContaining("status: no-such-host.invalid:9191: no such host");

    assertThat(linked.page("http://127.0.0.1:" + taken + "/")).contains(": linked, ");
    assertThat(linked.served("gpt-4o-far")).isEqualTo(200);
  }

  @Test
  void tellsThePartnerInWordsThatItsCertificateIsAnothersOrThatTheHubIs(@TempDir Path elsewhere)
      throws Exception {
    SiteAgentConfig config = join();
    IdentityFolder papers = IdentityFolder.in(folder.resolve(config.state()));
    SiteIdentity ours = papers.load().orElseThrow();
    linked.stopAgent();
    SiteIdentity theirs = joinedElsewhere(elsewhere);

    papers.save(theirs);
    linked.start(config);
    until("it says so", () -> problem().contains("not the hub that this agent joins or joined"));
    linked.stopAgent();
    papers.save(
        new SiteIdentity(
            ours.site(),
            theirs.key(),
            theirs.certificate(),
            ours.authority(),
            ours.policyKey(),
            ours.sealKey()));
    linked.start(config);
    until("it says so", () -> problem().contains("does not take this agent's certificate"));

    assertThat(linked.page("http://127.0.0.1:" + linked.agent().statusPort() + "/"))
        .contains("not linked")
        .contains("does not take this agent's certificate");
  }

  /** Who the agent of another hub is, whose site has the same name. */
  private SiteIdentity joinedElsewhere(Path elsewhere) throws Exception {
    try (LinkedHub other = new LinkedHub(elsewhere, config(""))) {
      SiteAgentConfig config = other.join(siteYaml());
      return IdentityFolder.in(elsewhere.resolve(config.state())).load().orElseThrow();
    }
  }

  private static SiteAgentConfig withStatus(SiteAgentConfig config, String host, int port) {
    return new SiteAgentConfig(
        config.site(),
        config.hubs(),
        config.proxy(),
        config.proxyLogin(),
        config.state(),
        new Address(host, port),
        config.statusHosts(),
        config.requests(),
        config.bodyMemory(),
        config.drainWithin(),
        config.deployments());
  }

  private String problem() {
    return linked.agent().status().hubs().stream().map(HubLinks.View::problem).collect(joining());
  }

  private SiteAgentConfig join() throws Exception {
    return linked.join(siteYaml());
  }

  private String siteYaml() {
    return """
    site: oci-chicago
    hubs: ["127.0.0.1:${port}"]
    status: 127.0.0.1:0
    deployments:
      chat-far: {engines: [{url: "http://127.0.0.1:%d"}]}
      chat-both: {engines: [{url: "http://127.0.0.1:%d"}]}
    """
        .formatted(engine.port(), engine.port());
  }

  private String config(String contract) {
    return """
    platform: azure-ai
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    sites:
      azure-eastus2: {provider: microsoft, role: home, geography: us}
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    deployments:
      chat-home:
        {site: azure-eastus2, model: gpt-4o, dialect: vllm, url: "http://127.0.0.1:%d",
         capacity: {kind: self-hosted, replicas: 1}}
      chat-both:
        {site: oci-chicago, model: gpt-4o, dialect: vllm, link: site-agent,
         capacity: {kind: self-hosted, replicas: 1}, price: {output: 10.00 USD/1M}}
      chat-far:
        {site: oci-chicago, model: gpt-4o-far, upstream-model: gpt-4o, dialect: vllm,
         link: site-agent, capacity: {kind: self-hosted, replicas: 1}}
    tenants:
      team-a: {keys: [{sha256: %s}]}
    %s
    """
        .formatted(home.port(), KeyDirectory.sha256("sk-test"), contract);
  }
}
