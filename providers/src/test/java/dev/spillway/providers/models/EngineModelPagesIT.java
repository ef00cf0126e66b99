package dev.spillway.providers.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.ModelsApi;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.providers.Discovery;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real port: what engines answer, and ports that say nothing. */
class EngineModelPagesIT {
  private static final int OK = 200;
  private static final String LIST = "{\"data\":[{\"id\":\"chat\",\"max_model_len\":8192}]}";

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

  @ParameterizedTest
  @ValueSource(strings = {"vllm", "sglang", "other"})
  void asksEveryKindForItsList(String kind) throws Exception {
    page("/v1/models", OK, LIST);

    assertThat(engine(kind).read()).isEqualTo(new EngineModels(List.of("chat"), 8_192));
  }

  @Test
  void asksLlamaCppForTheContextOfASlot() throws Exception {
    page("/v1/models", OK, "{\"data\":[{\"id\":\"chat\",\"meta\":{\"n_ctx_train\":131072}}]}");
    page("/props", OK, "{\"default_generation_settings\":{\"n_ctx\":4096}}");

    assertThat(engine("llamacpp").read()).isEqualTo(new EngineModels(List.of("chat"), 4_096));
  }

  @Test
  void asksTgiAlsoWhereItHasNoList() throws Exception {
    page("/info", OK, "{\"model_id\":\"org/model\",\"max_total_tokens\":2048}");

    assertThat(engine("tgi").read()).isEqualTo(new EngineModels(List.of("org/model"), 2_048));
  }

  @Test
  void keepsBothNamesOfTgi() throws Exception {
    page("/v1/models", OK, "{\"data\":[{\"id\":\"chat\"}]}");
    page("/info", OK, "{\"model_id\":\"org/model\",\"max_total_tokens\":2048}");

    assertThat(engine("tgi").read().names()).containsExactly("chat", "org/model");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 301, 400, 401, 404, 405})
  void knowsNothingOfWhoHasNoSuchPage(int status) throws Exception {
    page("/v1/models", status, LIST);

    assertThat(engine("vllm").read()).isEqualTo(EngineModels.UNKNOWN);
  }

  @Test
  void knowsNothingOfWhoTalksNonsense() throws Exception {
    page("/v1/models", OK, "<html>");

    assertThat(engine("vllm").read()).isEqualTo(EngineModels.UNKNOWN);
  }

  @Test
  void takesSoMuchAndNoMore() throws Exception {
    page("/v1/models", OK, LIST + " ".repeat(64 * 1024 - LIST.length()));
    assertThat(engine("vllm").read().contextTokens()).isEqualTo(8_192);
    server.removeContext("/v1/models");
    page("/v1/models", OK, LIST + " ".repeat(64 * 1024 - LIST.length() + 1));

    assertThat(engine("vllm").read()).isEqualTo(EngineModels.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void asksAnotherTimeWhoCannotSayNow(int status) {
    page("/v1/models", status, LIST);

    assertThatThrownBy(engine("vllm")::read)
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("/v1/models answered " + status);
  }

  @Test
  void asksAnotherTimeWhoIsSilentOrGone() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ModelsApi mute = engine("vllm", silent.getLocalPort());
      assertThatThrownBy(mute::read)
          .isInstanceOf(ProviderException.class)
          .hasMessageContaining("did not answer in PT1S");
    }
    ModelsApi gone = engine("vllm", 1);
    assertThatThrownBy(gone::read).isInstanceOf(ProviderException.class);
  }

  @Test
  void waitsForNoBodyThatDoesNotEnd() {
    server.createContext(
        "/v1/models",
        exchange -> {
          exchange.sendResponseHeaders(OK, 0);
          exchange.getResponseBody().write(LIST.getBytes(UTF_8));
          exchange.getResponseBody().flush();
        });
    long begin = System.nanoTime();

    assertThatThrownBy(engine("vllm")::read).isInstanceOf(ProviderException.class);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void offersNoOtherProtocol() throws Exception {
    page("/v1/models", OK, LIST);

    engine("vllm").read();

    assertThat(headers).contains("Host").doesNotContain("Upgrade");
  }

  private ModelsApi engine(String kind) {
    return engine(kind, server.getAddress().getPort());
  }

  private ModelsApi engine(String kind, int port) {
    URI root = URI.create("http://127.0.0.1:" + port);
    ModelPages pages = new ModelPages(root.resolve("/v1/models"), root, Duration.ofSeconds(1));
    return Discovery.of(kind, pages);
  }

  private void page(String path, int status, String text) {
    byte[] body = text.getBytes(UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            headers.addAll(exchange.getRequestHeaders().keySet());
            exchange.sendResponseHeaders(status, status == 204 ? -1 : body.length);
            if (status != 204) {
              exchange.getResponseBody().write(body);
            }
          }
        });
  }
}
