package dev.spillway.core.routing;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Priority;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The deployments that serve one model, and how many requests wait for them. */
public final class Pool {
  private final ModelName model;
  private final int[] indexes;
  private final LiveDeployment[] deployments;
  private final Map<Priority, AtomicInteger> waiting;

  /**
   * A pool under a configuration.
   *
   * @param indexes places in the topology, ascending
   * @param all every deployment of the topology
   * @param before the same pool under the configuration before; null if there was none
   */
  public Pool(ModelName model, int[] indexes, List<LiveDeployment> all, @Nullable Pool before) {
    this.model = model;
    this.indexes = indexes.clone();
    this.deployments = new LiveDeployment[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      deployments[i] = all.get(indexes[i]);
    }
    this.waiting = before == null ? nobody() : before.waiting;
  }

  /** What it serves. */
  public ModelName model() {
    return model;
  }

  /** How many deployments. */
  public int size() {
    return indexes.length;
  }

  /** The place in the topology of one of them. */
  public int index(int place) {
    return indexes[place];
  }

  /** One of them. */
  public LiveDeployment deployment(int place) {
    return deployments[place];
  }

  /** A request began to wait. */
  public void enter(Priority priority) {
    counter(priority).incrementAndGet();
  }

  /** A request waits no more. */
  public void leave(Priority priority) {
    if (counter(priority).decrementAndGet() < 0) {
      throw new IllegalStateException("more requests left the waiting room than entered");
    }
  }

  /** Requests that wait and whose turn is before one of this priority that comes now. */
  public int ahead(Priority priority) {
    int ahead = 0;
    for (Map.Entry<Priority, AtomicInteger> each : waiting.entrySet()) {
      if (each.getKey().compareTo(priority) <= 0) {
        ahead += each.getValue().get();
      }
    }
    return ahead;
  }

  private AtomicInteger counter(Priority priority) {
    return requireNonNull(waiting.get(priority));
  }

  private static Map<Priority, AtomicInteger> nobody() {
    Map<Priority, AtomicInteger> counters = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      counters.put(priority, new AtomicInteger());
    }
    return counters;
  }
}
