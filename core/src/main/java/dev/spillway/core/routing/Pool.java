package dev.spillway.core.routing;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.WorkloadClass;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The deployments that serve one model, and how many requests wait for them. */
public final class Pool {
  private static final int MOST_IDLE_SCANS = 16;

  private final ModelName model;
  private final int[] indexes;
  private final LiveDeployment[] deployments;
  private final boolean[] home;
  private final Map<WorkloadClass, ConformalMargin[]> margins = new EnumMap<>(WorkloadClass.class);
  private final AtomicReferenceArray<@Nullable Scan> idle =
      new AtomicReferenceArray<>(MOST_IDLE_SCANS);
  private final Waiting waiting;

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
    this.home = new boolean[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      deployments[i] = all.get(indexes[i]);
      home[i] = deployments[i].deployment().isHome();
    }
    for (WorkloadClass workload : WorkloadClass.values()) {
      margins.put(workload, margins(workload));
    }
    this.waiting = before == null ? new Waiting() : before.waiting;
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

  /** Whether one of them is the platform's own. */
  boolean isHome(int place) {
    return home[place];
  }

  /** What was learnt of each of them about promises to this class of work. */
  ConformalMargin[] marginsOf(WorkloadClass workload) {
    return requireNonNull(margins.get(workload));
  }

  /** Where to write what is found out about them: one that is not needed any more, or a new one. */
  Scan scan() {
    for (int i = 0; i < MOST_IDLE_SCANS; i++) {
      Scan known = idle.getPlain(i) == null ? null : idle.getAndSet(i, null);
      if (known != null) {
        return known;
      }
    }
    return new Scan(this);
  }

  /** Keeps one that is not needed any more, unless there are enough. */
  void keep(Scan scan) {
    for (int i = 0; i < MOST_IDLE_SCANS; i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, scan)) {
        return;
      }
    }
  }

  /** A request began to wait. */
  public void enter(Priority priority) {
    waiting.enter(priority);
  }

  /** A request waits no more. */
  public void leave(Priority priority) {
    waiting.leave(priority);
  }

  /** Requests that wait and whose turn is before one of this priority that comes now. */
  public int ahead(Priority priority) {
    return waiting.ahead(priority);
  }

  private ConformalMargin[] margins(WorkloadClass workload) {
    return Arrays.stream(deployments)
        .map(each -> each.margin(workload))
        .toArray(ConformalMargin[]::new);
  }
}
