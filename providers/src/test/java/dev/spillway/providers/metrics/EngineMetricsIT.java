package dev.spillway.providers.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.providers.Capacities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real port: pages as engines write them, and ports that say nothing. */
class EngineMetricsIT {
  private static final String VLLM =
      """
      # TYPE vllm:num_requests_running gauge
      vllm:num_requests_running{engine="0",model_name="m"} 3.0
      vllm:num_requests_running{engine="1",model_name="m"} 5.0
      vllm:num_requests_waiting{engine="0",model_name="m"} 1.0
      vllm:num_requests_waiting{engine="1",model_name="m"} 0.0
      vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
      vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.75
      vllm:request_success_total{finished_reason="stop",model_name="m"} 9.0
      """;

  private static final String OLD_VLLM =
      """
      vllm:num_requests_running{model_name="m"} 4.0
      vllm:num_requests_waiting{model_name="m"} 2.0
      vllm:gpu_cache_usage_perc{model_name="m"} 0.5
      """;

  private final Set<String> headers = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void sumsReplicasOldAndNew() throws Exception {
    CapacityApi engines = vllm(page("/new", VLLM), page("/old", OLD_VLLM));

    assertThat(engines.read()).isEqualTo(new EngineReport(12, 3, 0.5, 3));
  }

  @Test
  void leavesOutAReplicaThatIsGoneSilentOrTalksNonsense() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI nobody = URI.create("http://127.0.0.1:1/metrics");
      URI mute = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/metrics");

      CapacityApi engines = vllm(nobody, page("/html", "<html>"), page("/old", OLD_VLLM), mute);

      assertThat(engines.read()).isEqualTo(new EngineReport(4, 2, 0.5, 1));
    }
  }

  @Test
  void saysWhatTheLastReplicaAnsweredIfNoneTellsItsLoad() {
    CapacityApi engines = vllm(page("/empty", "# nothing\n"));

    assertThatThrownBy(engines::read)
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("vllm:num_requests_running");
  }

  @Test
  void refusesAPageWithoutEnd() {
    CapacityApi engines = vllm(page("/large", "a 1\n".repeat(2_000_000)));

    assertThatThrownBy(engines::read).isInstanceOf(ProviderException.class);
  }

  @Test
  void derivesTheCacheOfLlamaCppFromItsSlots() throws Exception {
    URI page = page("/llama", "llamacpp:requests_processing 2\nllamacpp:requests_deferred 1\n");

    CapacityApi engines = engines("llamacpp", page);

    assertThat(engines.read()).isEqualTo(new EngineReport(2, 1, 0.5, 1));
  }

  @Test
  void readsTgiAlsoBeforeItEverServed() throws Exception {
    URI busy = page("/tgi", "tgi_batch_current_size 3\ntgi_queue_size 2\n");
    URI fresh = page("/fresh", "tgi_request_count{method=\"health\"} 1\n");

    assertThat(engines("tgi", busy).read()).isEqualTo(new EngineReport(3, 2, 0.75, 1));
    assertThat(engines("tgi", fresh).read()).isEqualTo(new EngineReport(0, 0, 0, 1));
  }

  @Test
  void offersNoOtherProtocol() throws Exception {
    vllm(page("/new", VLLM)).read();

    assertThat(headers).contains("Host").doesNotContain("Upgrade");
  }

  private CapacityApi vllm(URI... pages) {
    return engines("vllm", pages);
  }

  private CapacityApi engines(String dialect, URI... pages) {
    EnginePages where = new EnginePages(List.of(pages), 4, Duration.ofSeconds(2));
    return Capacities.of(dialect, where).orElseThrow();
  }

  private URI page(String path, String text) {
    byte[] body = text.getBytes(UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            headers.addAll(exchange.getRequestHeaders().keySet());
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}
