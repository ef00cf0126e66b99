package dev.spillway.site;

import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.site.engine.Replica;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at every engine once a second; one virtual thread an engine, so that one that hangs delays
 * no other.
 *
 * <p>An engine that takes no connection, or was silent for five seconds, is gone: what comes back
 * is another, which holds nothing of what was sent there, and is asked what it serves before
 * anything is sent there. Where none is taken, nothing is sent until a probe is answered again. One
 * that is merely late is busy.
 */
final class EngineProbes implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EngineProbes.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration GONE_AFTER = Duration.ofSeconds(5);

  private final List<Thread> threads = new ArrayList<>();

  void watch(String name, Replica replica, AgentConfig.Engine engine) {
    CapacityApi load = engine.load() == null ? new PortProbe(engine.address()) : engine.load();
    ModelsProbe models = new ModelsProbe(replica, engine.models());
    threads.add(
        Thread.ofVirtual().name("probe-" + name).start(() -> look(name, replica, load, models)));
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  /** Logs a change only. */
  private static void look(String name, Replica replica, CapacityApi load, ModelsProbe models) {
    boolean answered = true;
    long heardNanos = System.nanoTime();
    try {
      while (true) {
        try {
          EngineReport report = load.read();
          heardNanos = System.nanoTime();
          if (!answered) {
            models.isBack();
          }
          models.ask(System.nanoTime());
          replica.probed(report, heardNanos);
          answered = true;
        } catch (ProviderException e) {
          if (answered) {
            LOG.log(Level.WARNING, "{0}: an engine does not answer: {1}", name, e.getMessage());
          }
          answered = false;
          missed(e, System.nanoTime() - heardNanos, replica, models);
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }

  private static void missed(
      ProviderException failure, long silentNanos, Replica replica, ModelsProbe models) {
    if (takesNoConnection(failure)) {
      replica.gone(System.nanoTime());
      models.forget();
    } else if (silentNanos > GONE_AFTER.toNanos()) {
      replica.lost();
      models.forget();
    }
  }

  private static boolean takesNoConnection(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof ConnectException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }
}
