package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import dev.spillway.gateway.auth.KeyDirectory;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a partner's engines say that they serve, and what comes of it at the hub. */
class DiscoveryIT {
  private static final int SHORT_CONTEXT = 8_192;
  private static final int LONG_CONTEXT = 65_536;

  /** Some 15,000 tokens. */
  private static final String LONG = "word ".repeat(12_000);

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private RecordingEngine engine;
  private RecordingEngine home;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    engine = RecordingEngine.start();
    home = RecordingEngine.start();
    linked = new LinkedHub(folder, config());
  }

  @AfterEach
  void stop() {
    linked.close();
    engine.close();
    home.close();
  }

  @Test
  void sendsWhatIsTooLongForTheEnginesElsewhereUntilLongerOnesAreThere() throws Exception {
    engine.names("gpt-4o", SHORT_CONTEXT);
    join();
    until("an answer came over the link", SOON, () -> linked.served("gpt-4o-far") == 200);

    HttpResponse<String> nowhere = ask("gpt-4o-far", LONG);
    HttpResponse<String> elsewhere = ask("gpt-4o", LONG);

    assertThat(ask("gpt-4o", "Hello").headers().firstValue("x-spillway-site"))
        .as("cheaper")
        .hasValue("oci-chicago");
    assertThat(nowhere.statusCode()).isEqualTo(400);
    assertThat(nowhere.body())
        .contains("context_length_exceeded", "more than any deployment of gpt-4o-far takes");
    assertThat(elsewhere.statusCode()).isEqualTo(200);
    assertThat(elsewhere.headers().firstValue("x-spillway-site")).hasValue("azure-eastus2");
    assertThat(engine.asked()).noneMatch(each -> each.body().contains(LONG));
    until(
        "it is explained",
        () -> decision(elsewhere).contains("the request is longer than its context"));
    assertThat(deployments()).contains("\"context_tokens\":" + SHORT_CONTEXT);
    assertThat(agentPage("/"))
        .contains("serves        chat-far 1: gpt-4o; context " + SHORT_CONTEXT + " tokens");
    assertThat(agentPage("/status"))
        .contains("\"models\":[\"gpt-4o\"],\"models_more\":0,\"context_tokens\":" + SHORT_CONTEXT);

    int port = engine.port();
    engine.close();
    until("it is seen to be gone", SOON, () -> agentSays("chat-far 1: does not say"));
    engine = RecordingEngine.at(port);
    engine.names("gpt-4o", LONG_CONTEXT);

    until("it is served there", SOON, () -> status("gpt-4o-far", LONG) == 200);
    until( // a share at first: it was gone
        "it is served there though another could",
        SOON,
        () -> site("gpt-4o", LONG).equals("oci-chicago"));
  }

  @Test
  void goesByItsConfigurationWhereEnginesDoNotSay() throws Exception {
    join();
    until("an answer came over the link", SOON, () -> linked.served("gpt-4o-far") == 200);

    assertThat(ask("gpt-4o-far", LONG).statusCode()).isEqualTo(200);
    assertThat(agentPage("/")).contains("serves        chat-far 1: does not say");
    assertThat(agentPage("/status"))
        .contains("\"models\":null,\"models_more\":0,\"context_tokens\":null");
    assertThat(deployments())
        .contains("\"context_tokens\":131072")
        .contains("\"upstream_model_missing\":false,\"engine_models\":null");
  }

  @Test
  void showsThatEnginesHaveAnotherModelAndSendsOn() throws Exception {
    engine.names("llama", LONG_CONTEXT);
    join();

    until("an answer came over the link", SOON, () -> linked.served("gpt-4o-far") == 200);

    assertThat(deployments())
        .contains(
            "\"upstream_model\":\"gpt-4o\",\"upstream_model_missing\":true,\"engine_models\":[\"llama\"]")
        .contains("\"upstream_model\":null,\"upstream_model_missing\":false");
  }

  private void join() throws Exception {
    linked.join(
        """
        site: oci-chicago
        hubs: ["127.0.0.1:${port}"]
        status: 127.0.0.1:0
        deployments:
          chat-far: {engines: [{url: "http://127.0.0.1:%1$d"}], calibrate: false}
          chat-both: {engines: [{url: "http://127.0.0.1:%1$d"}], calibrate: false}
        """
            .formatted(engine.port()));
  }

  private HttpResponse<String> ask(String model, String message)
      throws IOException, InterruptedException {
    String json =
        """
        {"model":"%s","max_tokens":5,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, message);
    return linked.call("POST", HubRequest.CHAT, json);
  }

  private int status(String model, String message) {
    return answered(model, message).map(HttpResponse::statusCode).orElse(0);
  }

  private String site(String model, String message) {
    return answered(model, message)
        .flatMap(each -> each.headers().firstValue("x-spillway-site"))
        .orElse("");
  }

  private Optional<HttpResponse<String>> answered(String model, String message) {
    try {
      return Optional.of(ask(model, message));
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String deployments() throws Exception {
    return hubPage("/api/deployments");
  }

  private String decision(HttpResponse<String> answer) {
    try {
      return hubPage(
          "/api/decisions/" + answer.headers().firstValue("x-spillway-decision").orElseThrow());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String hubPage(String path) throws IOException, InterruptedException {
    return linked.page("http://127.0.0.1:" + linked.hub().adminPort() + path);
  }

  private boolean agentSays(String words) {
    try {
      return agentPage("/").contains(words);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String agentPage(String path) throws IOException, InterruptedException {
    return linked.page("http://127.0.0.1:" + linked.agent().statusPort() + path);
  }

  private String config() {
    String common =
        "dialect: vllm, capacity: {kind: self-hosted, replicas: 1},"
            + " speed: {base: 10ms, prefill-tokens-per-second: 1000000, decode: 10ms}";
    return """
    platform: azure-ai
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    sites:
      azure-eastus2: {provider: microsoft, role: home, geography: us}
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    deployments:
      chat-home: {site: azure-eastus2, model: gpt-4o, url: "http://127.0.0.1:%1$d",
                  price: {input: 10.00 USD/1M, output: 10.00 USD/1M}, %2$s}
      chat-both: {site: oci-chicago, model: gpt-4o, link: site-agent, %2$s}
      chat-far: {site: oci-chicago, model: gpt-4o-far, upstream-model: gpt-4o, link: site-agent,
                 %2$s}
    tenants:
      team-a: {keys: [{sha256: %3$s}]}
    """
        .formatted(home.port(), common, KeyDirectory.sha256("sk-test"));
  }
}
