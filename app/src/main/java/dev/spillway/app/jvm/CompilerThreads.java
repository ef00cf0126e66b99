package dev.spillway.app.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * The threads of this JVM that compile: once it is warm, they give way to those that serve.
 *
 * <p>Why: where they share a core, an event loop that wakes has to wait until the compiler's slice
 * of milliseconds is over, and with it every request that arrives meanwhile. At first that pays,
 * for what is compiled is ten times as quick; later it is most of what the slowest of a hundred
 * requests waited for. Threads that are started later take after the one that starts them.
 */
public final class CompilerThreads {
  private static final System.Logger LOG = System.getLogger(CompilerThreads.class.getName());

  /** Under full load nearly all that is worth it is compiled by then. */
  public static final Duration WARM_UP = Duration.ofMinutes(2);

  /** As the {@code nice} command's default: a ninth of the core, if others want all of it. */
  static final int GIVING_WAY = 10;

  private CompilerThreads() {}

  /** Lets them give way after so long. Elsewhere than on Linux they stay as they are. */
  public static void giveWayAfter(Duration warmUp) {
    Thread.ofVirtual()
        .name("compiler-threads")
        .start(() -> {
          try {
            Thread.sleep(warmUp);
            giveWay();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  static void giveWay() {
    if (!KernelThreads.areKnown()) {
      return;
    }
    try {
      for (int thread : ids()) {
        Niceness.set(thread, GIVING_WAY);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(
          Level.WARNING,
          "the JVM''s compiler keeps the priority of requests, which may wait for it: {0}",
          e.getMessage());
    }
  }

  /** The numbers by which the kernel knows them. */
  static List<Integer> ids() throws IOException {
    return KernelThreads.named(name -> name.matches("C[12] CompilerThre"));
  }
}
