package dev.spillway.core.forecast;

import dev.spillway.core.model.Speed;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a deployment takes per output token, learnt from answers that are over.
 *
 * <pre>
 *   tpot = decode + perSequence * batch
 * </pre>
 *
 * <p>Where nobody knows how many replicas share the load, {@code perSequence} starts at 0. Shared
 * by all event loops: one immutable {@link LinearModel}, stepped by compare-and-set.
 */
public final class DecodeModel {
  private static final int DECODE = 0;
  private static final int BATCH = 1;
  private static final double PRIOR_DEVIATION = 0.3;
  private static final double UNKNOWN_PER_SEQUENCE = 0.1;

  private final AtomicReference<LinearModel> model;
  private final FirstTokenModel.Replicas replicas;

  /** What is believed at first. */
  public DecodeModel(Speed speed, FirstTokenModel.Replicas replicas) {
    this.replicas = replicas;
    this.model = new AtomicReference<>(prior(speed, replicas));
  }

  /** It was measured, which says more than what was believed of it or of another model there. */
  public void measured(Speed speed) {
    model.set(prior(speed, replicas));
  }

  private static LinearModel prior(Speed speed, FirstTokenModel.Replicas replicas) {
    double perSequence =
        switch (replicas) {
          case KNOWN -> speed.decodeMillisPerSequence();
          case UNKNOWN -> 0;
        };
    double[] guess = {speed.decodeMillis(), perSequence};
    double[] deviation = {
      1 + PRIOR_DEVIATION * speed.decodeMillis(),
      UNKNOWN_PER_SEQUENCE + PRIOR_DEVIATION * perSequence
    };
    return LinearModel.prior(guess, deviation);
  }

  /** Time per output token in a batch of this size, milliseconds. */
  public double tpotMillis(double batch) {
    LinearModel now = model.get();
    return now.coefficient(DECODE) + now.coefficient(BATCH) * batch;
  }

  /** An answer is over whose tokens came at this pace. */
  public void observe(double batch, double tpotMillis) {
    double[] features = {1, batch};
    model.updateAndGet(before -> before.observe(features, tpotMillis));
  }
}
