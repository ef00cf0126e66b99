package dev.spillway.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.spillway.app.hub.Hub;
import dev.spillway.gateway.telemetry.RequestRecord;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A hub over engines that nobody here wrote, and clients of it. */
final class EngineHub implements AutoCloseable {
  private static final String CONFIG =
      """
      platform: test
      listen: {data: 127.0.0.1:0, admin: 127.0.0.1:0}
      sites:
        home: {provider: microsoft, role: home, geography: us}
        partner: {provider: oracle, role: partner, geography: us, extends: test}
      tenants:
        app: {class: online-inference, keys: {sha256: 2335c853aa3ad7eb3e2b74213262e00dae34f5eff91411b977b71a2100922ddd}}
      deployments:
      """;

  private final BlockingQueue<RequestRecord> ended = new LinkedBlockingQueue<>();
  private final Hub hub;
  private final OpenAIClient client;
  private final AnthropicClient anthropic;

  private EngineHub(String deployments) throws Exception {
    String config = CONFIG + deployments;
    this.hub = Hub.start(Path.of("spillway.yaml"), config.getBytes(UTF_8), ended::add);
    this.client =
        OpenAIOkHttpClient.builder()
            .apiKey(RunningHub.KEY)
            .baseUrl("http://127.0.0.1:" + hub.dataPort() + "/v1")
            .maxRetries(0)
            .build();
    this.anthropic =
        AnthropicOkHttpClient.builder()
            .apiKey(RunningHub.KEY)
            .baseUrl("http://127.0.0.1:" + hub.dataPort())
            .maxRetries(0)
            .build();
  }

  /** Of deployments that {@link #home} and {@link #partner} write. */
  static EngineHub of(String... deployments) throws Exception {
    return new EngineHub(String.join("", deployments));
  }

  /** A deployment at home. */
  static String home(String id, String model, String url, int contextTokens) {
    return deployment(id, "home", model, url, contextTokens, "");
  }

  /** One at the partner's, asked where home cannot. */
  static String partner(String id, String model, String url, int contextTokens) {
    String price = ", price: {input: 1 USD/1M, output: 1 USD/1M}";
    return deployment(id, "partner", model, url, contextTokens, price);
  }

  OpenAIClient client() {
    return client;
  }

  AnthropicClient anthropic() {
    return anthropic;
  }

  /**
   * The next request for a model that is over. The client has its answer a moment before the hub
   * has told of it.
   */
  RequestRecord ended(String model) throws InterruptedException {
    RequestRecord record;
    do {
      record = ended.poll(10, SECONDS);
      Objects.requireNonNull(record, "the request has not ended");
    } while (!record.model().value().equals(model));
    return record;
  }

  @Override
  public void close() {
    client.close();
    anthropic.close();
    hub.close();
  }

  private static String deployment(
      String id, String site, String model, String url, int contextTokens, String price) {
    return "  %s: {site: %s, model: %s, dialect: llamacpp, url: '%s', accelerator: h100, context-tokens: %d, capacity: {kind: self-hosted, replicas: 1}%s}%n"
        .formatted(id, site, model, url, contextTokens, price);
  }
}
