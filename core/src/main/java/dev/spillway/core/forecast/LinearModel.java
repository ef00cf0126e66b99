package dev.spillway.core.forecast;

import java.util.Arrays;

/**
 * A linear law whose coefficients drift, learnt one observation at a time.
 *
 * <p>The prediction is the product of coefficients and features. The coefficients are a random walk
 * and an observation is their product with the features plus noise, so that the best estimate is
 * Kalman's; with features {@code x}, covariance {@code P}, noise {@code R} and drift {@code Q}:
 *
 * <pre>
 *   P = min(P + Q, prior)              forgets, but never below what was believed at first
 *   S = x'Px + R
 *   b = b + Px / S * clip(y - x'b)     clip: 3 sqrt(S), so that one outlier moves little
 *   P = P - Px (Px)' / S
 * </pre>
 *
 * <p>Noise grows with the prediction: times are off by a share, not by a sum. Source: West and
 * Harrison, "Bayesian Forecasting and Dynamic Models", 1997, chapter 4 (dynamic linear models);
 * clipping after Huber, 1964. Immutable: {@link #observe} answers with the next one.
 */
final class LinearModel {
  /**
   * Share of the prior variance that comes back with each observation: about 200 are remembered.
   */
  private static final double DRIFT = 1e-4;

  /** Standard deviation of an observation as a share of its prediction. */
  private static final double RELATIVE_NOISE = 0.25;

  /** Standard deviation of an observation of nothing, milliseconds. */
  private static final double NOISE_FLOOR = 0.5;

  private static final double CLIP = 3;

  private final double[] coefficients;
  private final double[][] covariance;
  private final double[] priorVariance;

  private LinearModel(double[] coefficients, double[][] covariance, double[] priorVariance) {
    this.coefficients = coefficients;
    this.covariance = covariance;
    this.priorVariance = priorVariance;
  }

  /**
   * What is believed before anything was seen.
   *
   * @param coefficients the best guess
   * @param deviations standard deviation of each guess, more than 0
   */
  static LinearModel prior(double[] coefficients, double[] deviations) {
    int n = coefficients.length;
    double[] variance = new double[n];
    double[][] covariance = new double[n][n];
    for (int i = 0; i < n; i++) {
      variance[i] = deviations[i] * deviations[i];
      covariance[i][i] = variance[i];
    }
    return new LinearModel(coefficients.clone(), covariance, variance);
  }

  /** One coefficient, never negative: no feature makes anything faster. */
  double coefficient(int i) {
    return Math.max(0, coefficients[i]);
  }

  /** What is believed after one more observation. */
  LinearModel observe(double[] features, double observed) {
    int n = coefficients.length;
    double[][] p = drifted();
    double[] px = new double[n];
    double predicted = 0;
    double spread = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        px[i] += p[i][j] * features[j];
      }
      predicted += coefficients[i] * features[i];
      spread += features[i] * px[i];
    }
    double noise = NOISE_FLOOR + RELATIVE_NOISE * Math.abs(predicted);
    double s = spread + noise * noise;
    double most = CLIP * Math.sqrt(s);
    double surprise = Math.clamp(observed - predicted, -most, most);
    double[] next = coefficients.clone();
    for (int i = 0; i < n; i++) {
      next[i] += px[i] / s * surprise;
      for (int j = 0; j < n; j++) {
        p[i][j] -= px[i] * px[j] / s;
      }
    }
    return new LinearModel(next, p, priorVariance);
  }

  /** The covariance a step later, its diagonal held within the prior. */
  private double[][] drifted() {
    double[][] p = new double[priorVariance.length][];
    for (int i = 0; i < p.length; i++) {
      p[i] = Arrays.copyOf(covariance[i], p.length);
      p[i][i] = Math.min(priorVariance[i], p[i][i] + DRIFT * priorVariance[i]);
    }
    return p;
  }
}
