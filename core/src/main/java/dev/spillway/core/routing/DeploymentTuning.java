package dev.spillway.core.routing;

import dev.spillway.core.health.AdmissionStateTuning;
import dev.spillway.core.health.BreakerTuning;
import dev.spillway.core.quota.BucketTuning;
import dev.spillway.core.quota.ConcurrencyTuning;
import dev.spillway.core.quota.EngineTuning;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.LimitTuning;
import dev.spillway.core.retry.RetryTuning;

/**
 * The constants of everything that is kept about one deployment.
 *
 * @param router how it is compared
 * @param breaker when it is ill
 * @param admissionState when its engines are too full
 * @param bucket how its bucket is learnt
 * @param concurrency how its concurrency limit is learnt
 * @param engine how much of its engines is planned with
 * @param retry how often it is tried again
 * @param limits how long it is waited for
 * @param hedge how often a second attempt runs beside a late one there
 */
public record DeploymentTuning(
    RouterTuning router,
    BreakerTuning breaker,
    AdmissionStateTuning admissionState,
    BucketTuning bucket,
    ConcurrencyTuning concurrency,
    EngineTuning engine,
    RetryTuning retry,
    LimitTuning limits,
    HedgeTuning hedge) {
  /** The defaults of each. */
  public static final DeploymentTuning DEFAULT =
      new DeploymentTuning(
          RouterTuning.DEFAULT,
          BreakerTuning.DEFAULT,
          AdmissionStateTuning.DEFAULT,
          BucketTuning.DEFAULT,
          ConcurrencyTuning.DEFAULT,
          EngineTuning.DEFAULT,
          RetryTuning.DEFAULT,
          LimitTuning.DEFAULT,
          HedgeTuning.DEFAULT);
}
