package dev.spillway.core.routing;

import dev.spillway.core.retry.AttemptBudget;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.RetryTuning;

/**
 * What attempts at one deployment are allowed: how long, how often again, how often beside another.
 *
 * @param patience how long they are worth waiting for
 * @param retries what repeating there may cost
 * @param hedges what running a second attempt beside a late one there may cost
 */
record Allowances(Patience patience, AttemptBudget retries, AttemptBudget hedges) {
  static Allowances of(DeploymentTuning tuning) {
    return new Allowances(
        new Patience(tuning.limits(), tuning.hedge()),
        retries(tuning.retry()),
        hedges(tuning.hedge()));
  }

  /** Under another tuning: what was learnt stays, and a budget whose terms changed is full. */
  Allowances under(DeploymentTuning before, DeploymentTuning next) {
    return new Allowances(
        patience.under(next.limits(), next.hedge()),
        before.retry().equals(next.retry()) ? retries : retries(next.retry()),
        before.hedge().equals(next.hedge()) ? hedges : hedges(next.hedge()));
  }

  private static AttemptBudget retries(RetryTuning tuning) {
    return new AttemptBudget(tuning.retriesPerRequest(), tuning.retriesInReserve());
  }

  private static AttemptBudget hedges(HedgeTuning tuning) {
    return new AttemptBudget(tuning.hedgesPerRequest(), tuning.hedgesInReserve());
  }
}
