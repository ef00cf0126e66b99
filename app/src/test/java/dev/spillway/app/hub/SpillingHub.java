package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hub of a file before a home and partners, each dearer than the one before, and its clients: the
 * first deployment is {@code at-0}, its provider {@code by-0}.
 *
 * <p>No objective makes it go anywhere but to the cheapest that takes a request.
 */
final class SpillingHub implements AutoCloseable {
  static final String HOME = "at-0";

  private final AtomicInteger over = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Hub hub;

  private SpillingHub(String config) throws Exception {
    hub = Hub.start(Path.of("spillway.yaml"), config.getBytes(UTF_8), _ -> over.incrementAndGet());
  }

  /**
   * Starts one.
   *
   * @param more keys at the top of its file, each on a line
   */
  static SpillingHub before(String more, int... ports) throws Exception {
    return new SpillingHub(config(more, ports));
  }

  /** The file of one. */
  static String config(String more, int... ports) {
    StringBuilder sites = new StringBuilder();
    StringBuilder deployments = new StringBuilder();
    for (int i = 0; i < ports.length; i++) {
      sites.append("  in-%d: {provider: by-%d, role: %s}\n".formatted(i, i, role(i)));
      deployments.append(
          """
            at-%d: {site: in-%d, model: m, dialect: vllm, url: "http://127.0.0.1:%d",
              capacity: {kind: self-hosted, replicas: 1, sequences-per-replica: 256,
                kv-tokens-per-replica: 1000000},
              speed: {base: 200ms, prefill-tokens-per-second: 1000000, decode: 10ms},
              price: {input: %d USD/1M, output: %d USD/1M}}
          """
              .formatted(i, i, ports[i], i + 1, i + 1));
    }
    return """
    platform: my-platform
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0"}
    engines: {poll-every: 1m}
    objectives: {online-inference: {ttft: 1m, tpot: 1m}}
    tenants:
      demo: {keys: {command: [echo, sk-test]}}
    """
        + more
        + "\nsites:\n"
        + sites
        + "deployments:\n"
        + deployments;
  }

  private static String role(int number) {
    return number == 0 ? "home" : "partner";
  }

  /** Sends one that wants so many words as a stream; members are JSON, such as {@code "n":2}. */
  CompletableFuture<HttpResponse<String>> send(int words, String... members) {
    return client.sendAsync(chat(hub.dataPort(), words, members), BodyHandlers.ofString());
  }

  /** The same at once, so many times. */
  List<CompletableFuture<HttpResponse<String>>> sendAll(int times, int words, String... members) {
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      sent.add(send(words, members));
    }
    return sent;
  }

  static HttpRequest chat(int port, int words, String... members) {
    List<String> all = new ArrayList<>(List.of(members));
    all.add("\"model\":\"m\",\"stream\":true");
    all.add("\"messages\":[{\"role\":\"user\",\"content\":\"Say " + words + " words\"}]");
    return HubRequest.to(port, "POST", HubRequest.CHAT, "{" + String.join(",", all) + "}");
  }

  /** Who answered; throws unless the whole answer came. */
  static String servedBy(CompletableFuture<HttpResponse<String>> answer) throws Exception {
    HttpResponse<String> got = answer.get();
    assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
    assertThat(got.body()).endsWith("data: [DONE]\n\n").doesNotContain("event: error");
    return got.headers().firstValue("x-spillway-deployment").orElseThrow();
  }

  /** Waits until so many are over; a client has its answer a moment before the hub learns of it. */
  void awaitOver(int requests) throws Exception {
    Until.holds("the hub knows of the last one's end", () -> over.get() == requests);
  }

  /** Why it went where it went, in words. */
  String explanation(HttpResponse<String> answer) throws Exception {
    String decision = answer.headers().firstValue("x-spillway-decision").orElseThrow();
    URI about = URI.create("http://127.0.0.1:" + hub.adminPort() + "/api/decisions/" + decision);
    HttpRequest request = HttpRequest.newBuilder(about).header("accept", "text/plain").build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  /** Whoever still waits for an answer gets none. */
  @Override
  public void close() {
    client.shutdownNow();
    hub.close();
    client.close();
  }
}
