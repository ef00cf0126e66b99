package dev.spillway.core.forecast;

import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long answers are: a running 75th percentile by tenant and model.
 *
 * <p>A long answer raises the estimate three times as far as a short one lowers it, so that it
 * comes to rest where a quarter of the answers are longer; steps are shares of the estimate, wide
 * at first and {@value #STEP} at last:
 *
 * <pre>
 *   log q += step * (longer ? 0.75 : -0.25),  step = max(0.05, 1 / (1 + n / 4))
 * </pre>
 *
 * <p>Robbins and Monro, "A stochastic approximation method", 1951, on the logarithm. Shared by all
 * event loops.
 */
public final class OutputLengths {
  private static final double QUANTILE = 0.75;
  private static final double STEP = 0.05;
  private static final double WIDE_FOR = 4;

  private final double priorTokens;
  private final Map<Flow, Estimate> estimates = new ConcurrentHashMap<>();

  /**
   * Nothing seen yet.
   *
   * @param priorTokens output tokens expected of a tenant and model never seen, at least 1
   */
  public OutputLengths(double priorTokens) {
    if (!(priorTokens >= 1)) {
      throw new IllegalArgumentException("priorTokens: " + priorTokens + " (expected: >= 1)");
    }
    this.priorTokens = priorTokens;
  }

  /**
   * Output tokens to reckon with, at least 1.
   *
   * @param maxOutputTokens the client's own limit, 0 if it has none
   */
  public long expected(TenantId tenant, ModelName model, long maxOutputTokens) {
    Estimate known = estimates.get(new Flow(tenant, model));
    long usual = Math.max(1, Math.round(known == null ? priorTokens : Math.exp(known.logTokens)));
    return maxOutputTokens == 0 ? usual : Math.min(maxOutputTokens, usual);
  }

  /** An answer is over. */
  public void observe(TenantId tenant, ModelName model, long outputTokens) {
    double log = Math.log((double) Math.max(1, outputTokens));
    estimates.merge(
        new Flow(tenant, model),
        new Estimate(Math.log(priorTokens), 0).observe(log),
        (before, _) -> before.observe(log));
  }

  private record Flow(TenantId tenant, ModelName model) {}

  private record Estimate(double logTokens, int seen) {
    Estimate observe(double log) {
      double step = Math.max(STEP, 1 / (1 + seen / WIDE_FOR));
      double next = logTokens + step * (log > logTokens ? QUANTILE : QUANTILE - 1);
      return new Estimate(next, Math.min(seen + 1, Short.MAX_VALUE));
    }
  }
}
