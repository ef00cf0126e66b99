package dev.spillway.providers.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.providers.page.Page;
import dev.spillway.providers.page.PageRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  private final LoadMetrics metrics;
  private final List<URI> pages;
  private final Duration timeout;

  /** Of engines with these pages. */
  public EngineMetrics(LoadMetrics metrics, EnginePages pages) {
    this.metrics = metrics;
    this.pages = pages.uris();
    this.timeout = pages.timeout();
  }

  @Override
  public EngineReport read() throws ProviderException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<PageRequest> asked = new ArrayList<>();
    pages.forEach(page -> asked.add(PageRequest.of(page, timeout, MAX_PAGE_BYTES)));
    try {
      return sumOf(asked, deadline);
    } finally {
      asked.forEach(PageRequest::close);
    }
  }

  private EngineReport sumOf(List<PageRequest> asked, long deadline)
      throws ProviderException, InterruptedException {
    EngineLoad load = new EngineLoad(metrics);
    @Nullable ProviderException last = null;
    for (int i = 0; i < asked.size(); i++) {
      try {
        load.add(text(pages.get(i), asked.get(i).answer(deadline)));
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

  private static String text(URI page, Page answer) throws ProviderException {
    if (answer.status() != 200) {
      throw new ProviderException("GET " + page + " answered " + answer.status());
    }
    return new String(answer.body(), UTF_8);
  }
}
