package dev.spillway.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients got; refusals are counted by their status. */
final class SoakTally {
  private final AtomicInteger whole = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private final Map<Integer, AtomicInteger> refused = new ConcurrentSkipListMap<>();

  void whole() {
    whole.incrementAndGet();
  }

  void cut() {
    cut.incrementAndGet();
  }

  void left() {
    left.incrementAndGet();
  }

  void refused(int status) {
    refused.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
  }

  int wholeAnswers() {
    return whole.get();
  }

  int waitedFor() {
    return whole.get() + cut.get() + refusals();
  }

  /** Requests that are over, those that clients left among them. */
  int over() {
    return waitedFor() + left.get();
  }

  private int refusals() {
    return refused.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  @Override
  public String toString() {
    return "%d whole, %d cut, %d refused %s, %d left"
        .formatted(whole.get(), cut.get(), refusals(), refused, left.get());
  }
}
