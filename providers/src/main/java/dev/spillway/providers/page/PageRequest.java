package dev.spillway.providers.page;

import dev.spillway.core.provider.ProviderException;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A page that is being asked for.
 *
 * <p>Not by the JDK's clients: neither can be made to let go of an engine that floods it, the newer
 * one by a head that does not end, the older one by 1xx or trailers without end.
 */
public final class PageRequest implements AutoCloseable {
  private final URI uri;
  private final Duration within;
  private final int mostBytes;
  private final CompletableFuture<Page> page = new CompletableFuture<>();
  private volatile @Nullable Channel channel;

  private PageRequest(URI uri, Duration within, int mostBytes) {
    this.uri = uri;
    this.within = within;
    this.mostBytes = mostBytes;
  }

  /**
   * Begins to ask.
   *
   * @param uri with a host, by http or https
   * @param within how long an answer may take
   * @param mostBytes of a page; what is longer is a failure
   */
  public static PageRequest of(URI uri, Duration within, int mostBytes) {
    PageRequest request = new PageRequest(uri, within, mostBytes);
    PageConnections.ask(request);
    return request;
  }

  /**
   * Waits for the answer, whatever its status.
   *
   * @param deadlineNanos until when, as {@link System#nanoTime} has it
   * @throws ProviderException if none comes in time, or one that is broken or too long; {@link
   *     PageTooLong} is then its cause
   * @throws InterruptedException if the calling thread was interrupted
   */
  public Page answer(long deadlineNanos) throws ProviderException, InterruptedException {
    try {
      return page.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ProviderException("GET " + uri + " did not answer in " + within, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      throw new ProviderException("GET " + uri + " failed", cause);
    }
  }

  /** Nobody waits any more: where the answer is not whole yet, its connection is closed. */
  @Override
  public void close() {
    boolean isWaitedFor = page.cancel(false);
    Channel over = channel; // looked at now: whoever sends it looks the other way round
    if (isWaitedFor && over != null) {
      over.close();
    }
  }

  URI uri() {
    return uri;
  }

  Duration within() {
    return within;
  }

  int mostBytes() {
    return mostBytes;
  }

  /** It is about to be sent over this one; false if nobody waits any more. */
  boolean goesOver(Channel connection) {
    channel = connection;
    return isAwaited();
  }

  boolean isAwaited() {
    return !page.isDone();
  }

  void succeed(Page whole) {
    page.complete(whole);
  }

  void fail(Throwable cause) {
    page.completeExceptionally(cause);
  }
}
