package dev.spillway.control.decisions;

import static java.util.stream.Collectors.joining;

import dev.spillway.control.text.Table;
import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Prediction;
import dev.spillway.core.routing.Why;
import java.util.List;
import java.util.Locale;

/** Decisions for people: each deployment with its predicted terms, or what ruled it out. */
public final class DecisionText {
  private static final double NANOS_PER_MILLI = 1e6;

  private DecisionText() {}

  /** A request and all decisions about it. */
  public static String of(DecisionRecord record) {
    String head =
        "%s  %s  %s asked for %s (%s): %s%n"
            .formatted(
                record.id(),
                record.arrivedAt(),
                record.tenant(),
                record.model(),
                record.workload().label(),
                record.outcome());
    String failures = record.failures().stream().map(DecisionText::failure).collect(joining());
    return head + of(record.decisions()) + failures;
  }

  /** Decisions alone. */
  public static String of(List<Decision> decisions) {
    return decisions.stream().map(DecisionText::of).collect(joining());
  }

  private static String of(Decision decision) {
    DeploymentId chosen = decision.chosen();
    Table terms =
        new Table(
            "deployment",
            "ttft ms",
            "= rtt",
            "+ queue",
            "+ prefill",
            "+ unsure",
            "margin",
            "tpot ms",
            "USD",
            "verdict");
    for (Decision.Verdict verdict : decision.verdicts()) {
      switch (verdict) {
        case Decision.Considered(var id, var prediction, boolean meets) ->
            considered(terms, id, prediction, verdict(id.equals(chosen), meets));
        case Decision.Unavailable(var id, var rule, _) -> ruledOut(terms, id, rule.says());
        case Decision.Excluded(var id, var clause, var because) ->
            ruledOut(terms, id, "clause " + clause + ": " + because);
      }
    }
    return "decision %d, after %.1f ms: %s, %s%n%s"
        .formatted(
            decision.number(),
            decision.waitedNanos() / NANOS_PER_MILLI,
            chosen == null ? "nowhere" : chosen,
            says(decision.why()),
            terms.toString().indent(2));
  }

  private static void considered(Table terms, DeploymentId id, Prediction p, String verdict) {
    terms.row(
        id,
        millis(p.ttftMillis()),
        millis(p.roundTripMillis()),
        millis(p.queueMillis()),
        millis(p.prefillMillis()),
        millis(p.uncertaintyMillis()),
        millis(p.marginMillis()),
        millis(p.tpotMillis()),
        usd(p.priceNanoUsd()),
        verdict);
  }

  private static void ruledOut(Table terms, DeploymentId id, String why) {
    terms.row(id, "-", "-", "-", "-", "-", "-", "-", "-", why);
  }

  private static String verdict(boolean chosen, boolean meets) {
    return (chosen ? "chosen" : "possible") + (meets ? "" : ", misses the objective");
  }

  private static String failure(AttemptFailure failure) {
    return "failed: " + failure.message() + "\n";
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f", millis);
  }

  private static String usd(double nanoUsd) {
    return String.format(Locale.ROOT, "%.6f", nanoUsd / new NanoUsd(1_000_000_000).amount());
  }

  /** The rule in words. */
  static String says(Why why) {
    return switch (why) {
      case CHEAPEST_THAT_MEETS_OBJECTIVE -> "the cheapest that meets the objective";
      case FASTEST -> "none meets the objective: the fastest";
      case HEDGE -> "the first attempt is late, and this one is expected to answer sooner";
      case WAITING_IS_FASTER -> "waiting for home's next slot is faster than what is open";
      case BEHIND_OTHERS -> "others wait whose turn is before";
      case NO_HEADROOM -> "every allowed deployment is without headroom";
      case FORBIDDEN -> "the contract allows none";
      case TENANT_LIMIT -> "its tenant has more requests at once than it may have by now";
      case NOTHING_LEFT_TO_TRY -> "nothing is left to try";
    };
  }
}
