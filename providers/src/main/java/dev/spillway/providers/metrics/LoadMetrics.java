package dev.spillway.providers.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an engine calls the numbers of its load. Of several names the first that a page has is
 * taken: engines rename their metrics.
 *
 * @param running sequences in the batch; at least one name
 * @param waiting sequences in the queue; at least one name
 * @param kvUse how the use of the KV cache is known
 * @param idle what its page has before it ever served
 */
public record LoadMetrics(List<String> running, List<String> waiting, KvUse kvUse, Idle idle) {
  /** Copies the lists. */
  public LoadMetrics {
    running = List.copyOf(running);
    waiting = List.copyOf(waiting);
  }

  /** What the page of an engine has before it ever served. */
  public enum Idle {
    /** All its numbers. */
    SHOWS_ZERO,
    /** Nothing: who has no number has nothing to do. */
    SHOWS_NOTHING
  }

  /** How the use of the KV cache is known. */
  public sealed interface KvUse {
    /** From a gauge of 0 to 1. */
    record Gauge(List<String> names) implements KvUse {
      /** Copies the list. */
      public Gauge {
        names = List.copyOf(names);
      }
    }

    /**
     * From the share of busy slots, each of which owns its part of the cache.
     *
     * @param perEngine slots of one engine, at least 1
     */
    record Slots(int perEngine) implements KvUse {
      /** Checks the bound. */
      public Slots {
        if (perEngine < 1) {
          throw new IllegalArgumentException("slots: " + perEngine + " (expected: >= 1)");
        }
      }
    }
  }

  Set<String> names() {
    Set<String> names = new HashSet<>(running);
    names.addAll(waiting);
    if (kvUse instanceof KvUse.Gauge(var gauges)) {
      names.addAll(gauges);
    }
    return names;
  }
}
