package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.LimitTuning;
import dev.spillway.core.retry.RetryTuning;
import dev.spillway.core.routing.DeploymentTuning;
import java.time.Duration;

/** How long attempts are waited for, and how many a request may have. */
public record AttemptsConfig(
    @Key(
            value = "attempts of one request, continuations aside",
            otherwise = "4",
            atLeast = "1",
            atMost = "16")
        int most,
    @Key(
            value =
                "time to first token after which an attempt is given up, where another deployment"
                    + " may answer; what was learnt of a deployment may be shorter",
            otherwise = "30s",
            moreThan = "0s",
            atMost = "1h")
        Duration firstTokenWithin,
    @Key(
            value =
                "silence within an answer after which it counts as broken off; what was learnt of"
                    + " a deployment may be shorter",
            otherwise = "30s",
            moreThan = "0s",
            atMost = "1h")
        Duration nextTokenWithin,
    @Key(
            value =
                "attempts beside a late one that each request to a deployment earns; 0% switches"
                    + " them off",
            otherwise = "5%",
            atLeast = "0%",
            atMost = "100%")
        Share hedges,
    @Key(
            value = "no attempt is late sooner than this",
            otherwise = "100ms",
            moreThan = "0s",
            atMost = "1h")
        Duration hedgeAfter,
    @Key(
            value =
                "attempts at the same deployment again that each request to it earns, beyond ten in"
                    + " reserve",
            otherwise = "20%",
            atLeast = "0%",
            atMost = "100%")
        Share retries,
    @Key(
            value = "wait before the same deployment is tried again",
            otherwise = "100ms",
            moreThan = "0s",
            atMost = "1m")
        Duration backoff) {

  /** In core's words: the one place where a configuration becomes what decisions are tuned by. */
  public Tuning toTuning() {
    DeploymentTuning usual = DeploymentTuning.DEFAULT;
    return new Tuning(
        new DeploymentTuning(
            usual.router(),
            usual.breaker(),
            usual.admissionState(),
            usual.bucket(),
            usual.concurrency(),
            usual.engine(),
            retry(usual.retry()),
            limits(usual.limits()),
            hedge(usual.hedge())),
        Tuning.DEFAULT.room(),
        Tuning.DEFAULT.priorOutputTokens());
  }

  private RetryTuning retry(RetryTuning usual) {
    return new RetryTuning(
        most,
        backoff,
        retries.value(),
        usual.retriesInReserve(),
        usual.waitUnasked(),
        usual.mostWaitUnasked());
  }

  /** A ceiling below what is usually the floor is meant. */
  private LimitTuning limits(LimitTuning usual) {
    return new LimitTuning(
        shorter(usual.firstContentFloor(), firstTokenWithin),
        firstTokenWithin,
        shorter(usual.stallFloor(), nextTokenWithin),
        nextTokenWithin,
        usual.factor(),
        usual.learntFrom());
  }

  private HedgeTuning hedge(HedgeTuning usual) {
    int reserve = hedges.value() == 0 ? 0 : usual.hedgesInReserve();
    return new HedgeTuning(hedges.value(), reserve, hedgeAfter);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
