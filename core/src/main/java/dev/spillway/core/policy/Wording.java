package dev.spillway.core.policy;

import static java.util.stream.Collectors.joining;

import dev.spillway.core.policy.Clause.Cap;
import dev.spillway.core.policy.Clause.Deny;
import dev.spillway.core.policy.Clause.Isolation;
import dev.spillway.core.policy.Clause.Licence;
import dev.spillway.core.policy.Clause.OfferHomeFirst;
import dev.spillway.core.policy.Clause.Residency;
import dev.spillway.core.policy.Clause.WorkloadPlacement;
import java.util.Collection;

/**
 * A clause in words that name no tenant: they may be shown to one who is not to know the others.
 */
final class Wording {
  private Wording() {}

  /** What it says and, if somebody wrote it down, why. */
  static String of(Clause clause) {
    String because = clause.heading().because();
    return because.isEmpty() ? says(clause) : says(clause) + ": " + because;
  }

  static String list(Collection<?> names) {
    return names.stream().map(Object::toString).collect(joining(", "));
  }

  private static String says(Clause clause) {
    return switch (clause) {
      case Residency(_, _, var geographies) -> "data stays in " + list(geographies);
      case WorkloadPlacement(_, var workload, var sites) ->
          workload.label() + " runs at " + list(sites) + " only";
      case Licence(_, var models, var platforms) ->
          list(models) + " served under " + list(platforms) + " only";
      case Isolation(_, var deployment, _) -> deployment + " is dedicated to others";
      case Deny _ -> "denied";
      case OfferHomeFirst _ -> "home is offered it first";
      case Cap(_, var provider, _, _, var per) -> provider + " is capped per " + per.label();
    };
  }
}
