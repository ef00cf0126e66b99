package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.site.identity.EnrolmentException;
import dev.spillway.site.tunnel.HubLinks;
import dev.spillway.testkit.ConnectProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partner whose only way out is an HTTP proxy, which alone knows the hub's name. */
class BehindProxyIT {
  private static final String PASSWORD = "open:sesame";
  private static final String REFUSED =
      "the proxy does not lead to the hub: HTTP/1.1 407 Proxy Authentication Required: ";

  @TempDir Path folder;
  private LiveEngine engine;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    engine = LinkedHub.engine();
    linked =
        new LinkedHub(
            folder,
            """
            platform: azure-ai
            listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
            sites:
              oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
            deployments:
              chat-far:
                {site: oci-chicago, model: gpt-4o-far, upstream-model: gpt-4o, dialect: vllm,
                 link: site-agent, capacity: {kind: self-hosted, replicas: 1}}
            tenants:
              team-a: {keys: [{sha256: %s}]}
            """
                .formatted(KeyDirectory.sha256("sk-test")));
  }

  @AfterEach
  void stop() {
    linked.close();
    engine.close();
  }

  @Test
  void reachesTheHubThroughAProxyThatAloneKnowsItsName() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.open()) {
      linked.join(siteYaml(proxy, ""));

      until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
      assertThat(Set.copyOf(proxy.asked()))
          .containsExactly("hub.invalid:" + linked.hub().linkPort());
      assertThat(proxy.asked()).as("to join, and to link").hasSizeGreaterThan(2);
    }
  }

  @Test
  void joinsAndServesWithTheLoginThatTheProxyAsksFor() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.openTo("agent", PASSWORD)) {
      linked.join(siteYaml(proxy, login(PASSWORD)));

      until("an answer came over the link", () -> linked.served("gpt-4o-far") == 200);
      assertThat(linked.chat("gpt-4o-far", true).body()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void tellsThePartnerThatTheProxyDoesNotTakeItsLoginAndShowsNoPassword() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.openTo("agent", PASSWORD)) {
      linked.join(siteYaml(proxy, login(PASSWORD)));
      linked.stopAgent();
      String wrong = siteYaml(proxy, login("wrong-one"));
      linked.start(linked.read(wrong));

      String said =
          REFUSED
              + "it does not take this agent's login (expected: another proxy-login in site.yaml)";
      until("it says so", () -> problem().equals(said));
      assertThat(linked.page("http://127.0.0.1:" + linked.agent().statusPort() + "/"))
          .contains("not linked", "does not take this agent's login")
          .doesNotContain("wrong-one");
      assertThatExceptionOfType(EnrolmentException.class)
          .isThrownBy(() -> linked.join(wrong))
          .withMessageContaining(said)
          .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("wrong-one"));
    }
  }

  @Test
  void tellsThePartnerThatTheProxyAsksForALogin() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.openTo("agent", PASSWORD)) {
      assertThatExceptionOfType(EnrolmentException.class)
          .isThrownBy(() -> linked.join(siteYaml(proxy, "")))
          .withMessageContaining(
              REFUSED + "it asks for a login (expected: proxy-login in site.yaml)");
    }
  }

  @Test
  void tellsThePartnerWhatAProxySaidThatRefuses() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.open()) {
      SiteAgentConfig config = linked.join(siteYaml(proxy, ""));
      linked.stopAgent();
      proxy.refuse("407 Proxy Authentication Required");
      linked.start(config);

      String said = REFUSED + "it asks for a login (expected: proxy-login in site.yaml)";
      until("it says so", () -> problem().equals(said));
      assertThatExceptionOfType(EnrolmentException.class)
          .isThrownBy(() -> linked.join(siteYaml(proxy, "")))
          .withMessageContaining("407");
      proxy.refuse("403 Forbidden");
      until(
          "it says so",
          () -> problem().equals("the proxy does not lead to the hub: HTTP/1.1 403 Forbidden"));
    }
  }

  @Test
  void startsNoAgentWhosePasswordCannotBeReadAndNamesTheKey() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.openTo("agent", PASSWORD)) {
      SiteAgentConfig config = linked.join(siteYaml(proxy, login(PASSWORD)));
      linked.stopAgent();
      Files.delete(folder.resolve("proxy-password"));

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> linked.start(config))
          .withMessageStartingWith("proxy-login.password: file ")
          .withMessageEndingWith("cannot be read (NoSuchFileException)");
    }
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private String problem() {
    return linked.agent().status().hubs().stream().map(HubLinks.View::problem).collect(joining());
  }

  /** Written as people do, with a line end. */
  private String login(String password) throws IOException {
    Files.writeString(folder.resolve("proxy-password"), password + "\n");
    return "proxy-login: {user: agent, password: {file: proxy-password}}";
  }

  private String siteYaml(ConnectProxy proxy, String login) {
    return """
    site: oci-chicago
    hubs: ["hub.invalid:${port}"]
    proxy: 127.0.0.1:%d
    %s
    status: 127.0.0.1:0
    deployments:
      chat-far: {engines: [{url: "http://127.0.0.1:%d"}]}
    """
        .formatted(proxy.port(), login, engine.port());
  }
}
