package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.Objective;
import java.time.Duration;

/** What a class of work is held to. */
public record ObjectiveConfig(
    @Key(value = "time to first token", otherwise = "1s", moreThan = "0s") Duration ttft,
    @Key(value = "mean time per output token", otherwise = "60ms", moreThan = "0s") Duration tpot,
    @Key(
            value = "share of requests that must meet both",
            otherwise = "99.5%",
            moreThan = "0%",
            lessThan = "100%")
        Share attainment,
    @Key(
            value = "when an answer is no longer wanted, from its arrival",
            otherwise = "10m",
            moreThan = "0s",
            atMost = "7d")
        Duration deadline,
    @Key(
            value =
                "whether answers that clients want all at once are streamed to the hub, which can"
                    + " then go on with one that breaks off",
            otherwise = "false")
        boolean streamUpstream) {
  /** In core's words. */
  public Objective toObjective() {
    return new Objective(ttft, tpot, attainment.value(), deadline);
  }
}
