package dev.spillway.gateway.exchange;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that read bodies, of requests and of answers, which would hold up an event loop and all
 * clients on it.
 *
 * <p>Bounded in threads and in bodies that wait for one. All loops share it.
 */
public final class LongBodies implements AutoCloseable {
  /** Read in 0.13 ms by warm code, in half a millisecond by cold. */
  public static final int LONG_BYTES = 256 << 10;

  private static final int MOST_WAITING = 256;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  /** Half as many threads as the machine has; none of them before it is needed. */
  public LongBodies() {
    int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("long-bodies-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** For what runs on this event loop. */
  public OfLoop of(EventExecutor loop) {
    return new OfLoop(threads, loop);
  }

  /** As one event loop has them. */
  public record OfLoop(Executor threads, EventExecutor loop) {
    /**
     * Reads one beside the loop, and tells what came of it on the loop; false, and nothing happens,
     * when too many wait.
     *
     * @param told the result, or why there is none
     */
    public <T> boolean read(
        Supplier<T> reading, BiConsumer<@Nullable T, @Nullable Throwable> told) {
      try {
        CompletableFuture.supplyAsync(reading, threads).whenCompleteAsync(told, loop);
        return true;
      } catch (RejectedExecutionException _) {
        return false;
      }
    }
  }

  /** Reads no more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
