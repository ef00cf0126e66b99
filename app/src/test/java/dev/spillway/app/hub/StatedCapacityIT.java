package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import dev.spillway.gateway.RequestLog;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Home states with its answers that it will refuse the next request, and is not asked to. */
class StatedCapacityIT {
  private static final String ON_DEMAND = "{kind: on-demand}";
  private static final String PROVISIONED =
      "{kind: provisioned, units: 50, input-tokens-per-minute-per-unit: 2500}";

  @TempDir private Path folder = Path.of("");
  private final RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1);
  private final HttpClient client = HttpClient.newHttpClient();
  private FaultyProvider home;
  private FaultyProvider partner;

  @BeforeEach
  void start() throws Exception {
    home = FaultyProvider.start("home");
    partner = FaultyProvider.start("partner");
  }

  @AfterEach
  void stop() {
    partner.close();
    home.close();
    client.close();
    log.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void spillsWhereAProvisionedDeploymentIsUsedToItsLimit(boolean streams) throws Exception {
    home.will(
        Fault.stating("azure-openai-deployment-utilization: 300%"), Refusals.fullForSeconds(9));
    try (Hub hub = hub("azure-openai", PROVISIONED)) {
      assertThat(servedBy(ask(hub, streams))).isEqualTo("chat");

      HttpResponse<String> spilled = ask(hub, streams);

      assertThat(servedBy(spilled)).isEqualTo("chat-there");
      assertThat(home.turns()).as("what home was asked").hasSize(1);
      assertThat(explanation(hub, spilled)).contains("chat").contains("used to its limit");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "azure-openai"})
  void spillsWhatTheQuotaOfHomeHasNoRoomFor(String dialect) throws Exception {
    home.will(
        Fault.stating(
            "x-ratelimit-limit-tokens: 300",
            "x-ratelimit-remaining-tokens: 20",
            "x-ratelimit-reset-tokens: 59"),
        Refusals.fullForSeconds(9));
    try (Hub hub = hub(dialect, ON_DEMAND)) {
      assertThat(servedBy(ask(hub, true))).isEqualTo("chat");

      HttpResponse<String> spilled = ask(hub, true);

      assertThat(servedBy(spilled)).isEqualTo("chat-there");
      assertThat(home.turns()).as("what home was asked").hasSize(1);
      assertThat(explanation(hub, spilled)).contains("its last answers say").contains("quota");
    }
  }

  @Test
  void isAtHomeAgainWhenTheQuotaIsReset() throws Exception {
    home.will(
        Fault.stating(
            "x-ratelimit-limit-requests: 10",
            "x-ratelimit-remaining-requests: 0",
            "x-ratelimit-reset-requests: 3"),
        Fault.NONE);
    try (Hub hub = hub("azure-openai", ON_DEMAND)) {
      assertThat(servedBy(ask(hub, true))).isEqualTo("chat");
      long sent = System.nanoTime();

      while (home.turns().size() == 1) { // each is served, by the partner until then
        assertThat(System.nanoTime() - sent).as("too late").isLessThan(20_000_000_000L);
        assertThat(ask(hub, true).statusCode()).isEqualTo(200);
      }

      long first = home.turns().getFirst().arrivedNanos();
      assertThat(home.turns().get(1).arrivedNanos() - first).isGreaterThan(1_500_000_000L);
      assertThat(partner.turns()).isNotEmpty();
    }
  }

  @Test
  void staysAtHomeWhateverNonsenseItStates() throws Exception {
    home.will(
        Fault.stating(
            "azure-openai-deployment-utilization: " + "9".repeat(5_000) + "%",
            "x-ratelimit-limit-tokens: -1",
            "x-ratelimit-remaining-tokens: 0",
            "x-ratelimit-reset-tokens: never",
            "x-ratelimit-remaining-requests: " + "0".repeat(5_000)));
    try (Hub hub = hub("azure-openai", PROVISIONED)) {
      for (int i = 0; i < 3; i++) {
        assertThat(servedBy(ask(hub, true))).isEqualTo("chat");
      }
    }
  }

  private Hub hub(String dialect, String capacity) throws Exception {
    String config =
        """
        platform: my-platform
        listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0"}
        sites:
          here: {provider: me, role: home}
          there: {provider: them, role: partner}
        deployments:
          chat:
            {site: here, model: m, dialect: %s, url: "http://127.0.0.1:%d", capacity: %s,
             price: {input: 1.00 USD/1M, output: 1.00 USD/1M}}
          chat-there:
            {site: there, model: m, dialect: openai, url: "http://127.0.0.1:%d",
             capacity: {kind: on-demand}, price: {input: 2.00 USD/1M, output: 2.00 USD/1M}}
        tenants:
          demo: {keys: {command: [echo, sk-test]}}
        """
            .formatted(dialect, home.port(), capacity, partner.port());
    return Hub.start(folder.resolve("spillway.yaml"), config.getBytes(UTF_8), log);
  }

  private HttpResponse<String> ask(Hub hub, boolean streams) throws Exception {
    String chat =
        "{\"model\":\"m\",\"stream\":"
            + streams
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Say 3 words\"}]}";
    HttpRequest request = HubRequest.to(hub.dataPort(), "POST", HubRequest.CHAT, chat);
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static String servedBy(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-spillway-deployment").orElseThrow();
  }

  private String explanation(Hub hub, HttpResponse<String> answer) throws Exception {
    String decision = answer.headers().firstValue("x-spillway-decision").orElseThrow();
    URI about = URI.create("http://127.0.0.1:" + hub.adminPort() + "/api/decisions/" + decision);
    HttpRequest request = HttpRequest.newBuilder(about).header("accept", "text/plain").build();
    return client.send(request, BodyHandlers.ofString()).body();
  }
}
