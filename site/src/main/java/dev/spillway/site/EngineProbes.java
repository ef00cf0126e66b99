package dev.spillway.site;

import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.site.engine.Replica;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at every engine once a second; one virtual thread an engine, so that one that hangs delays
 * no other.
 */
final class EngineProbes implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EngineProbes.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final List<Thread> threads = new ArrayList<>();

  void watch(String name, Replica replica, CapacityApi load) {
    threads.add(Thread.ofVirtual().name("probe-" + name).start(() -> look(name, replica, load)));
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  /** Logs a change only. */
  private static void look(String name, Replica replica, CapacityApi load) {
    boolean answered = true;
    try {
      while (true) {
        try {
          EngineReport report = load.read();
          replica.probed(report, System.nanoTime());
          answered = true;
        } catch (ProviderException e) {
          if (answered) {
            LOG.log(Level.WARNING, "{0}: an engine does not answer: {1}", name, e.getMessage());
          }
          answered = false;
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }
}
