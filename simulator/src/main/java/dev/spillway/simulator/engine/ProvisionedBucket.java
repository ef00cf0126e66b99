package dev.spillway.simulator.engine;

import dev.spillway.core.model.Capacity;
import java.time.Duration;

/**
 * The leaky bucket in front of a provisioned deployment, as Azure documents it for provisioned
 * throughput units.
 *
 * <p>A request that finds the level above 1 is refused and told how long until it is 1 again. Any
 * other is let in, however large, and raises the level by its uncached input and its expected
 * output, which weighs more; when it ends, the estimate is replaced by the truth. The level falls
 * all the time, at the rate of the units bought.
 *
 * <pre>
 *   level = weighted tokens / (tokens drained in a second * depth)
 *   weighted tokens of a request = input - cached + weight * output
 * </pre>
 *
 * <p>Source: Microsoft Learn, "Provisioned throughput", how utilization is measured (as of
 * 2026-06). Azure does not publish the depth: {@link #ASSUMED_DEPTH} is ours.
 *
 * <p>Not thread-safe.
 */
public final class ProvisionedBucket {
  /** How many seconds' worth of draining make a level of 1; an assumption. */
  public static final Duration ASSUMED_DEPTH = Duration.ofSeconds(10);

  /** What the service expects of an answer without a limit, tokens; an assumption. */
  public static final int ASSUMED_OUTPUT_TOKENS = 300;

  private static final double NANOS_PER_SECOND = 1e9;

  private final double drainedPerNano;
  private final double outputWeight;
  private final double depthTokens;
  private double tokens;
  private long updatedAtNanos;

  /**
   * An empty bucket.
   *
   * @param depth how much draining a level of 1 stands for, more than 0
   */
  public ProvisionedBucket(Capacity.Provisioned capacity, Duration depth) {
    if (depth.isNegative() || depth.isZero()) {
      throw new IllegalArgumentException("depth: " + depth + " (expected: > 0)");
    }
    this.drainedPerNano = capacity.tokensPerSecond() / NANOS_PER_SECOND;
    this.outputWeight = capacity.outputTokenWeight();
    this.depthTokens = drainedPerNano * depth.toNanos();
  }

  /** What becomes of a request at the bucket. */
  public sealed interface Arrival {
    /**
     * Let in.
     *
     * @param weightedTokens what it raised the level by; to be given back to {@link #complete}
     */
    record Admitted(double weightedTokens) implements Arrival {}

    /**
     * Turned away.
     *
     * @param retryAfter how long until the level is 1, more than 0
     */
    record Refused(Duration retryAfter) implements Arrival {}
  }

  /**
   * Lets a request in or turns it away.
   *
   * @param uncachedInputTokens its input less what the prefix cache holds, at least 0
   * @param expectedOutputTokens its limit, or {@link #ASSUMED_OUTPUT_TOKENS} if it names none
   */
  public Arrival arrive(int uncachedInputTokens, int expectedOutputTokens, long nowNanos) {
    drain(nowNanos);
    if (tokens > depthTokens) {
      double nanos = Math.ceil((tokens - depthTokens) / drainedPerNano);
      return new Arrival.Refused(Duration.ofNanos((long) nanos));
    }
    double weighted = weighted(uncachedInputTokens, expectedOutputTokens);
    tokens += weighted;
    return new Arrival.Admitted(weighted);
  }

  /** Replaces the estimate of a request that was let in by what it used. */
  public void complete(
      Arrival.Admitted admitted, int uncachedInputTokens, int outputTokens, long nowNanos) {
    drain(nowNanos);
    double correction = weighted(uncachedInputTokens, outputTokens) - admitted.weightedTokens();
    tokens = Math.max(0, tokens + correction);
  }

  /** The level now: 0 is empty, above 1 refuses. */
  public double level(long nowNanos) {
    drain(nowNanos);
    return tokens / depthTokens;
  }

  private double weighted(int inputTokens, int outputTokens) {
    return inputTokens + outputWeight * outputTokens;
  }

  private void drain(long nowNanos) {
    if (nowNanos - updatedAtNanos > 0) {
      tokens = Math.max(0, tokens - drainedPerNano * (nowNanos - updatedAtNanos));
    }
    updatedAtNanos = nowNanos;
  }
}
