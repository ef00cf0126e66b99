package dev.spillway.app.parity;

import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.retry.AttemptFailure;
import java.util.List;
import java.util.Optional;

/** What one driver's dispatcher was asked for one request, decided and was told in turn. */
record Told(
    Ask ask, long arrivedNanos, String shape, List<Decision> decisions, List<String> failed) {
  static Told of(Journey journey) {
    return new Told(
        journey.ask(),
        journey.arrivedNanos(),
        journey.shape().toString(),
        journey.decisions().stream().map(Decision::copy).toList(),
        journey.failures().stream().map(AttemptFailure::kind).map(Enum::name).toList());
  }

  /** The first thing that is not the same, in words; empty if everything is. */
  static Optional<String> firstDifference(List<Told> simulated, List<Told> live) {
    for (int i = 0; i < Math.min(simulated.size(), live.size()); i++) {
      Optional<String> difference = simulated.get(i).difference(live.get(i));
      if (difference.isPresent()) {
        return Optional.of("request " + (i + 1) + ": " + difference.get());
      }
    }
    return say("requests that ended", simulated.size(), live.size());
  }

  private Optional<String> difference(Told live) {
    return say("what is asked", ask, live.ask)
        .or(() -> say("when it arrived", arrivedNanos, live.arrivedNanos))
        .or(() -> say("its shape", shape, live.shape))
        .or(() -> inDecisions(live))
        .or(() -> say("attempts that failed", failed, live.failed));
  }

  private Optional<String> inDecisions(Told live) {
    for (int i = 0; i < Math.min(decisions.size(), live.decisions.size()); i++) {
      Optional<String> difference = between(decisions.get(i), live.decisions.get(i));
      if (difference.isPresent()) {
        return Optional.of("decision " + (i + 1) + ": " + difference.get());
      }
    }
    return say("number of decisions", decisions.size(), live.decisions.size());
  }

  private static Optional<String> between(Decision simulated, Decision live) {
    return say(
            "chosen",
            simulated.chosen() + " by " + simulated.why(),
            live.chosen() + " by " + live.why())
        .or(() -> verdicts(simulated, live))
        .or(() -> say("time waited", simulated.waitedNanos(), live.waitedNanos()));
  }

  private static Optional<String> verdicts(Decision simulated, Decision live) {
    for (int i = 0; i < Math.min(simulated.verdicts().size(), live.verdicts().size()); i++) {
      Decision.Verdict one = simulated.verdicts().get(i);
      Decision.Verdict other = live.verdicts().get(i);
      if (!one.equals(other)) {
        return say("verdict on " + one.deployment(), one, other);
      }
    }
    return say("deployments judged", simulated.verdicts().size(), live.verdicts().size());
  }

  private static Optional<String> say(String what, Object simulated, Object live) {
    return simulated.equals(live)
        ? Optional.empty()
        : Optional.of(
            what + ": the simulator says\n  " + simulated + "\nand the gateway\n  " + live);
  }
}
