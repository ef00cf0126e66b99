package dev.spillway.core.forecast;

import dev.spillway.core.model.Speed;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a deployment takes to its first token, learnt from attempts that had one.
 *
 * <pre>
 *   ttft - rtt = base + perToken * input + perPendingToken * pending + perSequence * batch
 * </pre>
 *
 * <p>{@code pending}: input tokens sent to a replica whose first output token is not here yet;
 * {@code batch}: sequences it is decoding. On a deployment whose replicas nobody knows, both count
 * as of one replica and their coefficients start at 0: what load does there is learnt.
 *
 * <p>Shared by all event loops: one immutable {@link LinearModel}, stepped by compare-and-set.
 */
public final class FirstTokenModel {
  private static final double TOKENS_PER_UNIT = 1_000;

  private static final int BASE = 0;
  private static final int INPUT = 1;
  private static final int PENDING = 2;
  private static final int BATCH = 3;

  /** How sure a stated speed is: standard deviation as a share. */
  private static final double PRIOR_DEVIATION = 0.3;

  /** What load may do where nobody said: standard deviations, milliseconds. */
  private static final double UNKNOWN_PER_THOUSAND_PENDING = 5;

  private static final double UNKNOWN_PER_SEQUENCE = 0.5;

  /** Nothing reads faster: where length makes no difference, its share is believed to be 0. */
  private static final double MOST_TOKENS_PER_SECOND = 1e9;

  private final AtomicReference<LinearModel> model;
  private final Replicas replicas;

  /** Who knows how many replicas share the load. */
  public enum Replicas {
    /** We do: what waits in front of one delays the next request as the stated speed says. */
    KNOWN,
    /** Only the provider does. */
    UNKNOWN
  }

  /** What is believed at first. */
  public FirstTokenModel(Speed speed, Replicas replicas) {
    this.replicas = replicas;
    this.model = new AtomicReference<>(prior(speed, replicas));
  }

  /** It was measured, which says more than what was believed of it or of another model there. */
  public void measured(Speed speed) {
    model.set(prior(speed, replicas));
  }

  private static LinearModel prior(Speed speed, Replicas replicas) {
    double perThousand = TOKENS_PER_UNIT * 1_000 / speed.prefillTokensPerSecond();
    boolean known = replicas == Replicas.KNOWN;
    double[] guess = {
      speed.baseMillis(),
      perThousand,
      known ? perThousand : 0,
      known ? speed.decodeMillisPerSequence() : 0
    };
    double[] deviation = {
      1 + PRIOR_DEVIATION * speed.baseMillis(),
      PRIOR_DEVIATION * perThousand,
      known ? PRIOR_DEVIATION * perThousand : UNKNOWN_PER_THOUSAND_PENDING,
      UNKNOWN_PER_SEQUENCE
    };
    return LinearModel.prior(guess, deviation);
  }

  /** Reading a request's own input, and the fixed part; milliseconds. */
  public double prefillMillis(long inputTokens) {
    return baseMillis() + millisPerToken() * inputTokens;
  }

  /** The fixed part of {@link #prefillMillis}. */
  public double baseMillis() {
    return model.get().coefficient(BASE);
  }

  /** What an input token adds to {@link #prefillMillis}. */
  public double millisPerToken() {
    return model.get().coefficient(INPUT) / TOKENS_PER_UNIT;
  }

  /**
   * What is ahead of it on a replica; milliseconds.
   *
   * @param pendingTokens input tokens ahead
   * @param batch sequences that are decoding
   */
  public double queueMillis(double pendingTokens, double batch) {
    LinearModel now = model.get();
    return now.coefficient(PENDING) * pendingTokens / TOKENS_PER_UNIT
        + now.coefficient(BATCH) * batch;
  }

  /** The learnt prefill rate of a replica, input tokens per second; always finite. */
  public double prefillTokensPerSecond() {
    double perThousand = model.get().coefficient(INPUT);
    return perThousand > 0
        ? Math.min(MOST_TOKENS_PER_SECOND, TOKENS_PER_UNIT * 1_000 / perThousand)
        : MOST_TOKENS_PER_SECOND;
  }

  /**
   * An attempt had its first token.
   *
   * @param millis from sending it, without the round trip
   */
  public void observe(long inputTokens, double pendingTokens, double batch, double millis) {
    double[] features = {1, inputTokens / TOKENS_PER_UNIT, pendingTokens / TOKENS_PER_UNIT, batch};
    model.updateAndGet(before -> before.observe(features, millis));
  }
}
