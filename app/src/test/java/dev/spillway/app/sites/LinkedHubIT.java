package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.agent.AgentProgram;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.app.hub.Agents;
import dev.spillway.app.hub.Hub;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.wire.link.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub as it is run, an agent that joined it by a token, and clients who know of neither. */
class LinkedHubIT {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final ModelName MODEL = new ModelName("gpt-4o");

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private LiveEngine engine;
  private LiveEngine home;
  private Hub hub;
  private final List<AgentProgram> started = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    engine = engine();
    home = engine();
    Path file = folder.resolve("spillway.yaml");
    Files.writeString(file, config(""));
    hub = Hub.start(file, Files.readAllBytes(file), ended -> {});
  }

  @AfterEach
  void stop() {
    started.forEach(AgentProgram::close);
    hub.close();
    engine.close();
    home.close();
    client.close();
  }

  @Test
  void servesThroughTheAgentAndSaysSo() throws Exception {
    join();
    until("an answer came over the link", () -> served("gpt-4o-far") == 200);

    HttpResponse<String> answer = chat("gpt-4o-far", true);

    assertThat(answer.body()).contains("data: ").endsWith("data: [DONE]\n\n");
    assertThat(answer.headers().firstValue("x-spillway-site")).hasValue("oci-chicago");
    assertThat(page("http://127.0.0.1:" + hub.adminPort() + "/metrics"))
        .contains("spillway_link_connections{agent=")
        .contains("site=\"oci-chicago\"");
    assertThat(page("http://127.0.0.1:" + started.getLast().statusPort() + "/"))
        .contains("site          oci-chicago")
        .contains(": linked, ")
        .doesNotContain("team-a");
  }

  @Test
  void answersFromHomeWhenNoAgentIsLinked() throws Exception {
    HttpResponse<String> both = chat("gpt-4o", false);
    HttpResponse<String> far = chat("gpt-4o-far", false);

    assertThat(both.statusCode()).isEqualTo(200);
    assertThat(both.headers().firstValue("x-spillway-site")).hasValue("azure-eastus2");
    assertThat(far.statusCode()).isEqualTo(503);
  }

  @Test
  void sendsNothingToASiteThatIsGoneAndServesAgainWhenItIsBack() throws Exception {
    SiteAgentConfig config = join();
    until("an answer came over the link", () -> served("gpt-4o-far") == 200);

    started.removeLast().close();
    until("nobody is there", Duration.ofSeconds(4), () -> served("gpt-4o-far") == 503);
    started.add(AgentProgram.start(config, folder));

    until("it serves again", Duration.ofSeconds(5), () -> served("gpt-4o-far") == 200);
  }

  @Test
  void judgesByTheContractThatIsInForceOnBothSides() throws Exception {
    join();
    until("an answer came over the link", () -> served("gpt-4o-far") == 200);
    long before = started.getLast().status().bundleVersion();

    hub.reload(
        config(
                "contract: {far-is-closed: {kind: deny, deployments: [chat-far],"
                    + " because: closed today}}")
            .getBytes(UTF_8));

    until("the bundle is there", () -> started.getLast().status().bundleVersion() > before);
    HttpResponse<String> answer = chat("gpt-4o-far", false);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("far-is-closed");
  }

  @Test
  void letsNobodyInWhoWasRevoked() throws Exception {
    join();
    until("an answer came over the link", () -> served("gpt-4o-far") == 200);

    agents().revoke(CHICAGO);

    until("nobody is there", Duration.ofSeconds(2), () -> served("gpt-4o-far") == 503);
  }

  private SiteAgentConfig join() throws Exception {
    SiteAgentConfig config =
        ConfigFile.readSite(
            "site.yaml",
            """
            site: oci-chicago
            hubs: ["127.0.0.1:%d"]
            status: 127.0.0.1:0
            deployments:
              chat-far: {engines: [{url: "http://127.0.0.1:%d"}]}
              chat-both: {engines: [{url: "http://127.0.0.1:%d"}]}
            """
                .formatted(hub.linkPort(), engine.port(), engine.port())
                .getBytes(UTF_8));
    AgentProgram.join(config, folder, JoinToken.parse(agents().token(CHICAGO, List.of())));
    started.add(AgentProgram.start(config, folder));
    return config;
  }

  private Agents agents() throws IOException {
    return Agents.of(folder.resolve("spillway.yaml"), hub.inForce().assembly());
  }

  private int served(String model) {
    try {
      return chat(model, false).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> chat(String model, boolean stream)
      throws IOException, InterruptedException {
    String json =
        """
        {"model":"%s","stream":%s,"max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}\
        """
            .formatted(model, stream);
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + hub.dataPort() + "/v1/chat/completions"))
            .header("authorization", "Bearer sk-test")
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private String page(String url) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }

  private static LiveEngine engine() throws Exception {
    return LiveEngine.start(
        LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
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
