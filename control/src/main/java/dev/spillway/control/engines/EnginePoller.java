package dev.spillway.control.engines;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Looks at the engines of every self-hosted deployment again and again, and passes on what they
 * say.
 *
 * <p>One virtual thread a deployment: one that hangs delays no other. Nothing is made up for one
 * that does not answer; how old the last report is, whoever decides can tell. It is looked at less
 * and less often, every ten seconds in the end: it may tell nothing ever.
 */
public final class EnginePoller implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EnginePoller.class.getName());

  private static final Duration LONGEST_OF_SILENT = Duration.ofSeconds(10);

  private final Duration every;
  private final BiConsumer<DeploymentId, EngineReport> reports;
  private final List<Thread> threads = new ArrayList<>();

  private EnginePoller(Duration every, BiConsumer<DeploymentId, EngineReport> reports) {
    this.every = every;
    this.reports = reports;
  }

  /**
   * Starts watching.
   *
   * @param engines what to ask, by deployment
   * @param every the pause between two looks, more than 0
   * @param reports is told, on the poller's threads
   */
  public static EnginePoller start(
      Map<DeploymentId, CapacityApi> engines,
      Duration every,
      BiConsumer<DeploymentId, EngineReport> reports) {
    EnginePoller poller = new EnginePoller(every, reports);
    engines.forEach((id, api) ->
        poller.threads.add(
            Thread.ofVirtual().name("engines-" + id).start(() -> poller.watch(id, api))));
    return poller;
  }

  /** Stops all looks and waits until they have ended; none reports afterwards. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they were told; whoever stops us does not wait
    }
  }

  private void watch(DeploymentId id, CapacityApi api) {
    Duration pause = every;
    boolean reachable = true;
    try {
      while (true) {
        reachable = look(id, api, reachable);
        pause = reachable ? every : afterSilence(pause);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }

  /** Twice the pause before, as far as that is not too long to notice that they speak again. */
  static Duration afterSilence(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    if (twice.compareTo(LONGEST_OF_SILENT) <= 0) {
      return twice;
    }
    return pause.compareTo(LONGEST_OF_SILENT) < 0 ? LONGEST_OF_SILENT : pause;
  }

  /** Logs a change only: an engine that is gone for an hour is one line, not 3,600. */
  private boolean look(DeploymentId id, CapacityApi api, boolean reachable)
      throws InterruptedException {
    try {
      reports.accept(id, api.read());
      if (!reachable) {
        LOG.log(Level.INFO, "{0}: its engines answer again", id);
      }
      return true;
    } catch (ProviderException e) {
      if (reachable) {
        LOG.log(Level.WARNING, "{0}: no word from its engines: {1}", id, e.getMessage());
      }
      return false;
    }
  }
}
