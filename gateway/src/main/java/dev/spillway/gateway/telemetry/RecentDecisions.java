package dev.spillway.gateway.telemetry;

import dev.spillway.core.dispatch.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The last requests with their decisions, so that people can ask why.
 *
 * <p>A ring that all loops write and the admin port reads; the oldest is forgotten first. What its
 * decisions were made of can then serve for other decisions, so readers announce themselves and
 * take copies away: who comes while a record leaves the ring either does not find it there, or is
 * seen by whoever took it out, who then leaves its decisions alone.
 */
public final class RecentDecisions implements RequestObserver {
  private final AtomicReferenceArray<RequestRecord> ring;
  private final AtomicLong written = new AtomicLong();
  private final AtomicInteger readers = new AtomicInteger();
  private final Old old;

  /** What becomes of decisions that leave the ring. */
  public enum Old {
    /** They are the garbage collector's: what is small costs less to make than to find again. */
    DROPPED,
    /** What they were made of is used again. */
    REUSED
  }

  /** Remembers so many, at least 1. */
  public RecentDecisions(int capacity, Old old) {
    this.ring = new AtomicReferenceArray<>(capacity);
    this.old = old;
  }

  @Override
  public void ended(RequestRecord request) {
    int next = (int) (written.getAndIncrement() % ring.length());
    if (old == Old.DROPPED) {
      ring.setRelease(next, request);
      return;
    }
    RequestRecord oldest = ring.getAndSet(next, request);
    if (oldest != null && readers.get() == 0) {
      oldest.decisions().forEach(Decision::forget);
    }
  }

  /** The request of this decision id; empty if it never was or is forgotten. */
  public Optional<RequestRecord> find(String decisionId) {
    return read(ring.length(), each -> each.decisionId().equals(decisionId)).stream().findFirst();
  }

  /** The latest, newest first, at most {@code most}. */
  public List<RequestRecord> latest(int most) {
    return read(most, _ -> true);
  }

  private List<RequestRecord> read(int most, Predicate<RequestRecord> wanted) {
    readers.incrementAndGet();
    try {
      return newestFirst(most, wanted);
    } finally {
      readers.decrementAndGet();
    }
  }

  private List<RequestRecord> newestFirst(int most, Predicate<RequestRecord> wanted) {
    List<RequestRecord> found = new ArrayList<>();
    long newest = written.get() - 1;
    for (long i = newest; i >= 0 && i > newest - ring.length() && found.size() < most; i--) {
      RequestRecord record = ring.get((int) (i % ring.length()));
      if (record != null && wanted.test(record)) {
        found.add(record.copy());
      }
    }
    return found;
  }
}
