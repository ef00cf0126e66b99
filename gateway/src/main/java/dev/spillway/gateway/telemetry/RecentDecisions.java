package dev.spillway.gateway.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last requests with their decisions, so that people can ask why.
 *
 * <p>A ring that all loops write and the admin port reads; the oldest is forgotten first.
 */
public final class RecentDecisions implements RequestObserver {
  private final AtomicReferenceArray<RequestRecord> ring;
  private final AtomicLong written = new AtomicLong();

  /** Remembers so many, at least 1. */
  public RecentDecisions(int capacity) {
    ring = new AtomicReferenceArray<>(capacity);
  }

  @Override
  public void ended(RequestRecord request) {
    ring.set((int) (written.getAndIncrement() % ring.length()), request);
  }

  /** The request of this decision id; empty if it never was or is forgotten. */
  public Optional<RequestRecord> find(String decisionId) {
    return latest(ring.length()).stream()
        .filter(each -> each.decisionId().equals(decisionId))
        .findFirst();
  }

  /** The latest, newest first, at most {@code most}. */
  public List<RequestRecord> latest(int most) {
    List<RequestRecord> found = new ArrayList<>();
    long newest = written.get() - 1;
    for (long i = newest; i >= 0 && i > newest - ring.length() && found.size() < most; i--) {
      RequestRecord record = ring.get((int) (i % ring.length()));
      if (record != null) {
        found.add(record);
      }
    }
    return found;
  }
}
