package dev.spillway.providers.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the load of a deployment's engines from their metrics pages, all replicas at once.
 *
 * <p>A replica that does not answer in time, or with nonsense, is left out of the report; only if
 * none answers is there no report. Blocks for at most the timeout; may be called by several
 * threads.
 */
public final class EngineMetrics implements CapacityApi {
  private static final int MAX_PAGE_BYTES = 4 * 1024 * 1024;

  private final HttpClient client;
  private final LoadMetrics metrics;
  private final List<URI> pages;
  private final Duration timeout;

  /**
   * Of engines with these pages.
   *
   * @param client shared with others; not closed here
   */
  public EngineMetrics(HttpClient client, LoadMetrics metrics, EnginePages pages) {
    this.client = client;
    this.metrics = metrics;
    this.pages = pages.uris();
    this.timeout = pages.timeout();
  }

  @Override
  public EngineReport read() throws ProviderException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
    for (URI page : pages) {
      asked.add(
          client.sendAsync(
              request(page), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_PAGE_BYTES)));
    }
    try {
      return sumOf(asked, deadline);
    } finally {
      asked.forEach(answer -> answer.cancel(true));
    }
  }

  /** HTTP/1.1: offered more, engines behind uvicorn write a warning into their log each time. */
  private HttpRequest request(URI page) {
    return HttpRequest.newBuilder(page)
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(timeout)
        .build();
  }

  private EngineReport sumOf(List<CompletableFuture<HttpResponse<byte[]>>> asked, long deadline)
      throws ProviderException, InterruptedException {
    EngineLoad load = new EngineLoad(metrics);
    @Nullable ProviderException last = null;
    for (int i = 0; i < asked.size(); i++) {
      try {
        load.add(page(pages.get(i), asked.get(i), deadline - System.nanoTime()));
      } catch (MalformedMetrics e) {
        last = new ProviderException("GET " + pages.get(i) + " answered no metrics page", e);
      } catch (ProviderException e) {
        last = e;
      }
    }
    if (last != null && load.isEmpty()) {
      throw new ProviderException(
          "none of " + pages.size() + " engines told its load; the last: " + last.getMessage(),
          last);
    }
    return load.report();
  }

  private String page(URI page, CompletableFuture<HttpResponse<byte[]>> asked, long waitNanos)
      throws ProviderException, InterruptedException {
    try {
      HttpResponse<byte[]> answer = asked.get(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
      if (answer.statusCode() != 200) {
        throw new ProviderException("GET " + page + " answered " + answer.statusCode());
      }
      return new String(answer.body(), UTF_8);
    } catch (TimeoutException e) {
      throw new ProviderException("GET " + page + " did not answer in " + timeout, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      throw new ProviderException("GET " + page + " failed", cause);
    }
  }
}
