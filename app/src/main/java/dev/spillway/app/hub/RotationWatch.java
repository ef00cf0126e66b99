package dev.spillway.app.hub;

import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.core.model.DeploymentId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the operator which deployments refuse our configuration, once when it begins and once when
 * it is over; never what a provider said, nor what it was asked with.
 *
 * <p>It looks at the hub now and then, so that no event loop writes a log.
 */
public final class RotationWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RotationWatch.class.getName());

  private final HubStatus hub;
  private final Duration every;
  private final Set<DeploymentId> out = new HashSet<>();
  private final Thread thread;

  /** Starts to watch. */
  public RotationWatch(HubStatus hub, Duration every) {
    this.hub = hub;
    this.every = every;
    this.thread = Thread.ofVirtual().name("rotation-watch").start(this::watch);
  }

  /** Stops watching. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was told; whoever stops us does not wait
    }
  }

  private void watch() {
    try {
      while (true) {
        look(hub.deployments());
        Thread.sleep(every);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop
    }
  }

  private void look(List<DeploymentView> deployments) {
    Set<DeploymentId> there = new HashSet<>();
    for (DeploymentView view : deployments) {
      DeploymentId id = view.deployment().id();
      there.add(id);
      if (view.status().misconfigured() && out.add(id)) {
        LOG.log(
            Level.WARNING,
            "deployment {0} at {1} refuses our credential or does not know its model: it is out of"
                + " rotation until its configuration changes, and one request a minute tries it",
            id,
            view.deployment().site().id());
      } else if (!view.status().misconfigured() && out.remove(id)) {
        LOG.log(
            Level.INFO,
            "deployment {0} at {1} is in rotation again",
            id,
            view.deployment().site().id());
      }
    }
    out.retainAll(there);
  }
}
