package dev.spillway.core.routing;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.model.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests wait for a pool, by priority; shared by all event loops. */
final class Waiting {
  private final AtomicInteger inAll = new AtomicInteger();
  private final Map<Priority, AtomicInteger> byPriority = new EnumMap<>(Priority.class);

  Waiting() {
    for (Priority priority : Priority.values()) {
      byPriority.put(priority, new AtomicInteger());
    }
  }

  void enter(Priority priority) {
    inAll.incrementAndGet();
    counter(priority).incrementAndGet();
  }

  void leave(Priority priority) {
    inAll.decrementAndGet();
    if (counter(priority).decrementAndGet() < 0) {
      throw new IllegalStateException("more requests left the waiting room than entered");
    }
  }

  /** Those whose turn is before one of this priority that comes now; nearly always nobody. */
  int ahead(Priority priority) {
    if (inAll.get() == 0) {
      return 0;
    }
    int ahead = 0;
    for (Map.Entry<Priority, AtomicInteger> each : byPriority.entrySet()) {
      if (each.getKey().compareTo(priority) <= 0) {
        ahead += each.getValue().get();
      }
    }
    return ahead;
  }

  private AtomicInteger counter(Priority priority) {
    return requireNonNull(byPriority.get(priority));
  }
}
