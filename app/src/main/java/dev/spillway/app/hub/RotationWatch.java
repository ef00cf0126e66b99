package dev.spillway.app.hub;

import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.SiteId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the operator which deployments refuse our configuration and for what, once when it begins
 * and once when it is over; never what a provider said, nor what it was asked with. And which ask
 * for a model that the engines of their site do not name.
 *
 * <p>It looks at the hub now and then, so that no event loop writes a log.
 */
public final class RotationWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RotationWatch.class.getName());

  private final HubStatus hub;
  private final Duration every;
  private final Thread thread;
  private final MissingModels missing = new MissingModels();
  private Set<Out> out = Set.of();

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
        List<DeploymentView> now = hub.deployments();
        look(now);
        missing.look(now);
        Thread.sleep(every);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop
    }
  }

  private void look(List<DeploymentView> deployments) {
    Set<Out> now = new LinkedHashSet<>();
    Set<DeploymentId> there = new HashSet<>();
    for (DeploymentView view : deployments) {
      DeploymentId id = view.deployment().id();
      there.add(id);
      for (OperationName operation : view.status().refusedOperations()) {
        now.add(new Out(id, view.deployment().site().id(), operation));
      }
    }
    now.stream().filter(each -> !out.contains(each)).forEach(RotationWatch::tellOut);
    out.stream()
        .filter(each -> !now.contains(each) && there.contains(each.deployment))
        .forEach(RotationWatch::tellBack);
    out = now;
  }

  private static void tellOut(Out now) {
    LOG.log(
        Level.WARNING,
        "deployment {0} at {1} refuses our credential for {2}, or does not know its model: it is"
            + " out of rotation for {2} until its configuration changes, and one request a minute"
            + " tries it",
        now.deployment,
        now.site,
        now.operation);
  }

  private static void tellBack(Out before) {
    LOG.log(
        Level.INFO,
        "deployment {0} at {1} is in rotation again for {2}",
        before.deployment,
        before.site,
        before.operation);
  }

  /** What a deployment is out of rotation for. */
  private record Out(DeploymentId deployment, SiteId site, OperationName operation) {}
}
