package dev.spillway.gateway.tunnel;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.channel.Channel;
import java.util.Comparator;
import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads for what is hard in TLS handshakes, a millisecond of keys and signatures each: a thousand
 * agents who come at once must not hold up the requests on the event loops.
 *
 * <p>Handshakes that began are ended before others begin, and these in the order in which they
 * came. Were all begun at once, each would take as long as all of them together, and those who
 * dialled would give up one after another on what was half done. Whoever waits to begin has cost
 * nothing, and whoever left meanwhile costs nothing more.
 *
 * <p>All loops share it.
 */
final class Handshakes {
  /** As many agents as dial at once; who comes when so many wait is to dial again. */
  private static final int MOST_WAITING = 16_384;

  private static final int IDLE_SECONDS = 10;

  private final PriorityBlockingQueue<Runnable> waiting = new PriorityBlockingQueue<>();
  private final AtomicLong tasks = new AtomicLong();
  private final ThreadPoolExecutor threads;

  /** Half as many threads as the machine has; none of them before it is needed. */
  Handshakes() {
    int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            SECONDS,
            waiting,
            Thread.ofPlatform().daemon().name("link-handshakes-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Where the tasks of one connection's handshake are done; its event loop only. */
  Executor of(Channel connection) {
    return new Executor() {
      private boolean began;

      @Override
      public void execute(Runnable task) {
        if (waiting.size() >= MOST_WAITING) {
          throw new RejectedExecutionException("too many handshakes");
        }
        threads.execute(new Task(task, connection, began, tasks.incrementAndGet()));
        began = true;
      }
    };
  }

  /** Ends none of those that wait. */
  void close() {
    threads.shutdownNow();
  }

  private record Task(Runnable work, Channel connection, boolean began, long number)
      implements Runnable, Comparable<Task> {
    private static final Comparator<Task> TURN =
        Comparator.comparing(Task::began).reversed().thenComparingLong(Task::number);

    @Override
    public void run() {
      if (connection.isActive()) {
        work.run();
      }
    }

    @Override
    public int compareTo(Task other) {
      return TURN.compare(this, other);
    }
  }
}
