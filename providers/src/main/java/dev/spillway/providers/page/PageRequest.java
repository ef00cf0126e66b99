package dev.spillway.providers.page;

import dev.spillway.core.provider.ProviderException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A page that is being asked for, by a virtual thread.
 *
 * <p>By the JDK's older client: it blocks, and speaks HTTP/1.1 and nothing else. The newer one
 * takes a dozen steps on three threads for an answer, ten times the CPU time for what is asked once
 * a second, and long after everything else is compiled keeps the JVM's compiler busy; and it offers
 * HTTP/2, about which engines behind uvicorn write a warning into their log each time.
 */
public final class PageRequest implements AutoCloseable {
  /** Whoever waits gives up first, and says so. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final URI uri;
  private final Duration within;
  private final int mostBytes;
  private final FutureTask<Page> page = new FutureTask<>(this::get);

  private PageRequest(URI uri, Duration within, int mostBytes) {
    this.uri = uri;
    this.within = within;
    this.mostBytes = mostBytes;
  }

  /**
   * Begins to ask.
   *
   * @param within how long an answer may take
   * @param mostBytes of a page; what is longer is a failure
   */
  public static PageRequest of(URI uri, Duration within, int mostBytes) {
    PageRequest request = new PageRequest(uri, within, mostBytes);
    Thread.ofVirtual().name("page").start(request.page);
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

  /** Nobody waits any more. A thread that still does is interrupted, which closes its socket. */
  @Override
  public void close() {
    page.cancel(true);
  }

  private Page get() throws IOException {
    int millis = Math.clamp(within.plus(SLACK).toMillis(), 1, Integer.MAX_VALUE);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "*/*");
    connection.setRequestProperty("User-Agent", "spillway");
    int status = connection.getResponseCode();
    return new Page(status, body(status, connection));
  }

  /** To its end, so that the connection serves again. */
  private byte[] body(int status, HttpURLConnection connection) throws IOException {
    try (@Nullable InputStream in =
        status < HttpURLConnection.HTTP_BAD_REQUEST
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      if (in == null) {
        return new byte[0];
      }
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        connection.disconnect();
        throw new PageTooLong(mostBytes);
      }
      return bytes;
    }
  }
}
