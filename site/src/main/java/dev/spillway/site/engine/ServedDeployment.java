package dev.spillway.site.engine;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One deployment of the hub's, as this site serves it.
 *
 * <p>A new request goes to the engine with the least to read before it; among equals to the one
 * with the fewest requests. What an engine reads in a second is learnt from requests that found it
 * with nothing else to read, unless it is told. Shared by all loops.
 */
public final class ServedDeployment {
  private static final double WEIGHT = 0.1;
  private static final long FEWEST_TOKENS_TO_LEARN = 64;
  private static final long PROBE_FRESH_MILLIS = 5_000;

  private final DeploymentId id;
  private final List<Replica> replicas;
  private final boolean told;
  private final AtomicLong rateBits;

  /**
   * A deployment.
   *
   * @param prefillTokensPerSecond what one engine reads in a second; 0 to learn it
   */
  public ServedDeployment(DeploymentId id, List<Replica> replicas, double prefillTokensPerSecond) {
    this.id = id;
    this.replicas = List.copyOf(replicas);
    this.told = prefillTokensPerSecond > 0;
    this.rateBits = new AtomicLong(Double.doubleToRawLongBits(prefillTokensPerSecond));
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException(
          "deployments." + id + ".engines: none (expected: at least one)");
    }
  }

  /** The hub's name of it. */
  public DeploymentId id() {
    return id;
  }

  /** Its engines. */
  public List<Replica> replicas() {
    return replicas;
  }

  /** Requests that this agent has at its engines. */
  public int inFlight() {
    return replicas.stream().mapToInt(Replica::inFlight).sum();
  }

  /** What a request would wait at the engine that is next, microseconds; 0 if nobody knows. */
  public long queueMicros(long nowNanos) {
    return Replica.micros(next(nowNanos).tokensAhead(), tokensPerSecond());
  }

  /** What to tell the hub. */
  public DeploymentState state(long nowNanos) {
    double rate = tokensPerSecond();
    return new DeploymentState(
        id, Math.round(rate), replicas.stream().map(each -> each.state(rate, nowNanos)).toList());
  }

  /** The engine for the next request; one that answers probes if any does. */
  Replica next(long nowNanos) {
    @Nullable Replica best = null;
    for (Replica each : replicas) {
      if (isFresh(each, nowNanos) && (best == null || isBefore(each, best))) {
        best = each;
      }
    }
    if (best != null) {
      return best;
    }
    Replica any = replicas.getFirst();
    for (Replica each : replicas) {
      any = isBefore(each, any) ? each : any;
    }
    return any;
  }

  /** A prompt that had the engine to itself was read in this time. */
  void learn(long inputTokens, long nanos) {
    if (told || inputTokens < FEWEST_TOKENS_TO_LEARN || nanos <= 0) {
      return;
    }
    double seen = inputTokens * 1e9 / nanos;
    rateBits.updateAndGet(bits -> {
      double before = Double.longBitsToDouble(bits);
      return Double.doubleToRawLongBits(before == 0 ? seen : before + WEIGHT * (seen - before));
    });
  }

  private double tokensPerSecond() {
    return Double.longBitsToDouble(rateBits.get());
  }

  private static boolean isFresh(Replica replica, long nowNanos) {
    long age = replica.probeAgeMillis(nowNanos);
    return age >= 0 && age <= PROBE_FRESH_MILLIS;
  }

  private static boolean isBefore(Replica one, Replica other) {
    long tokens = one.tokensAhead();
    long others = other.tokensAhead();
    return tokens < others || (tokens == others && one.inFlight() < other.inFlight());
  }
}
