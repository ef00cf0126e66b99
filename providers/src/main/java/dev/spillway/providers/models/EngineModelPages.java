package dev.spillway.providers.models;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.ModelsApi;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.wire.json.MalformedJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one engine what it serves: its list of models, and the page of its own if it has one, whose
 * word on the context counts before that of the list.
 *
 * <p>Blocks for at most the timeout.
 */
public final class EngineModelPages implements ModelsApi {
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  private final HttpClient client;
  private final ModelPages pages;
  private final @Nullable OwnPage own;

  /**
   * Of the engine with these pages.
   *
   * @param own null if it has none
   * @param client shared with others; not closed here
   */
  public EngineModelPages(HttpClient client, ModelPages pages, @Nullable OwnPage own) {
    this.client = client;
    this.pages = pages;
    this.own = own;
  }

  @Override
  public EngineModels read() throws ProviderException, InterruptedException {
    long deadline = System.nanoTime() + pages.timeout().toNanos();
    EngineModels listed = read(pages.list(), ListedModels::read, deadline);
    if (own == null) {
      return listed;
    }
    EngineModels said = read(pages.root().resolve(own.path()), own::read, deadline);
    List<String> names = new ArrayList<>(listed.names());
    names.addAll(said.names());
    int context = said.contextTokens() > 0 ? said.contextTokens() : listed.contextTokens();
    return new EngineModels(names, context);
  }

  /** How a page is read. */
  private interface Reader {
    EngineModels read(byte[] page) throws MalformedJson;
  }

  private EngineModels read(URI page, Reader reader, long deadline)
      throws ProviderException, InterruptedException {
    byte[] body = get(page, deadline);
    if (body == null) {
      return EngineModels.UNKNOWN;
    }
    try {
      return reader.read(body);
    } catch (MalformedJson _) {
      return EngineModels.UNKNOWN; // HTML of whatever stands before it, or half of an answer
    }
  }

  /** HTTP/1.1: offered more, engines behind uvicorn write a warning into their log each time. */
  private HttpRequest request(URI page) {
    return HttpRequest.newBuilder(page)
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(pages.timeout())
        .build();
  }

  /** Null if it answered, and has no such page or one that is too long. */
  private byte @Nullable [] get(URI page, long deadline)
      throws ProviderException, InterruptedException {
    BoundedBody body = new BoundedBody();
    CompletableFuture<HttpResponse<Void>> asked =
        client.sendAsync(request(page), BodyHandlers.ofByteArrayConsumer(body));
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      int status = asked.get(left, TimeUnit.NANOSECONDS).statusCode();
      if (status >= SERVER_ERROR || LATER.contains(status)) {
        throw new ProviderException("GET " + page + " answered " + status);
      }
      return status == OK ? body.bytes() : null;
    } catch (TimeoutException e) {
      throw new ProviderException("GET " + page + " did not answer in " + pages.timeout(), e);
    } catch (ExecutionException e) {
      if (body.isTooLong()) {
        return null;
      }
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      throw new ProviderException("GET " + page + " failed", cause);
    } finally {
      asked.cancel(true);
    }
  }
}
