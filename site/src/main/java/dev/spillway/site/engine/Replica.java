package dev.spillway.site.engine;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One engine, and what is known of its load; shared by all loops. */
public final class Replica {
  private final EngineAddress address;
  private final String name;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong pendingTokens = new AtomicLong();
  private volatile @Nullable Probe probe;

  /** What an engine said, and when. */
  private record Probe(EngineReport report, long atNanos) {}

  /**
   * An engine of which nothing is known.
   *
   * @param name what it is called before the hub
   */
  public Replica(EngineAddress address, String name) {
    this.address = address;
    this.name = name;
  }

  EngineAddress address() {
    return address;
  }

  /** It said how it is. */
  public void probed(EngineReport report, long nowNanos) {
    probe = new Probe(report, nowNanos);
  }

  /** Requests that this agent has there. */
  public int inFlight() {
    return inFlight.get();
  }

  int pending() {
    return pending.get();
  }

  void sent(long inputTokens) {
    inFlight.incrementAndGet();
    pending.incrementAndGet();
    pendingTokens.addAndGet(inputTokens);
  }

  void read(long inputTokens) {
    pending.decrementAndGet();
    pendingTokens.addAndGet(-inputTokens);
  }

  void ended() {
    inFlight.decrementAndGet();
  }

  /** When it answered a probe last; below 0 if never. */
  long probeAgeMillis(long nowNanos) {
    Probe last = probe;
    return last == null ? -1 : TimeUnit.NANOSECONDS.toMillis(nowNanos - last.atNanos());
  }

  /**
   * Input tokens in front of a new request: our own prompts that gave no token yet, and as many
   * again, on the average, for each that others have waiting there.
   */
  long tokensAhead() {
    Probe last = probe;
    int ours = pending.get();
    long tokens = Math.max(0, pendingTokens.get());
    int foreign = last == null ? 0 : Math.max(0, last.report().waiting() - ours);
    return ours == 0 ? tokens : tokens + foreign * (tokens / ours);
  }

  ReplicaState state(double tokensPerSecond, long nowNanos) {
    Probe last = probe;
    return new ReplicaState(
        name,
        last == null ? 0 : last.report().running(),
        last == null ? 0 : last.report().waiting(),
        last == null ? 0 : (int) Math.round(last.report().kvUse() * 1_000),
        probeAgeMillis(nowNanos),
        Math.max(0, inFlight.get()),
        micros(tokensAhead(), tokensPerSecond));
  }

  static long micros(long tokens, double tokensPerSecond) {
    return tokensPerSecond > 0 ? (long) (tokens / tokensPerSecond * 1e6) : 0;
  }
}
