package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.gateway.Snapshot;

/**
 * The configuration that the attempts of one request are made under: the newest there was when the
 * last step was decided. Hence a contract that is put in force binds the next attempt of everybody,
 * and a deployment that is added takes those who wait already.
 *
 * <p>Steps name deployments by their place in the topology, so a step must be carried out under the
 * configuration that it was decided under. Belongs to the request's event loop; while the request
 * is in line nobody changes it.
 */
public final class InForce {
  private Snapshot snapshot;

  /** From the door on. */
  public InForce(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** All of it. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Decides under it. */
  public Dispatcher dispatcher() {
    return snapshot.dispatcher();
  }

  /** Steps are decided under this one from now on; false if they were already. */
  boolean becomes(Snapshot newest) {
    boolean another = newest.version() != snapshot.version();
    snapshot = newest;
    return another;
  }
}
