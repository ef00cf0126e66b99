package dev.spillway.simulator.live;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests fail, and how: first what the prompt itself asks for ({@link Wish}), then
 * what the engine's owner has said of the next requests, then the rule it was started with.
 *
 * <p>Faults may be added by any thread; they are taken on the event loop alone.
 */
final class FaultSource {
  private final @Nullable FaultRule rule;
  private final Queue<Fault> next = new ConcurrentLinkedQueue<>();
  private long requests;

  FaultSource(@Nullable FaultRule rule) {
    this.rule = rule;
  }

  void failNext(Fault fault) {
    next.add(fault);
  }

  /** The fault of one more request, if it has one. */
  Optional<Fault> take(Wish wish) {
    requests++;
    if (wish instanceof Wish.Fail(Fault wished)) {
      return Optional.of(wished);
    }
    Fault told = next.poll();
    if (told != null) {
      return Optional.of(told);
    }
    return rule != null && requests % rule.every() == 0
        ? Optional.of(rule.fault())
        : Optional.empty();
  }
}
