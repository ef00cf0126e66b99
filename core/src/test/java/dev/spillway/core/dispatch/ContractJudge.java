package dev.spillway.core.dispatch;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.BruteForceContract;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.policy.Period;
import dev.spillway.core.policy.RandomContract;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges steps by the brute-force reading of the contract; it knows what was asked and used, and
 * nothing of how it was decided.
 */
final class ContractJudge {
  private final BruteForceContract contract;
  private final List<Deployment> deployments;
  private final Map<Count, Used> used = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private int underWay;

  /** What a provider did in one period of the calendar; all of them, if it is null. */
  private record Count(@Nullable ProviderId provider, String period) {}

  private static final class Used {
    private long nanoUsd;
    private long outputTokens;

    /** Something began in another period: estimates of then and truths of now do not add up. */
    private boolean mixed;
  }

  ContractJudge(RandomContract made) {
    this.contract = new BruteForceContract(made.topology(), made.tenants(), made.contract());
    this.deployments = made.topology().deployments();
  }

  /** What was wrong so far, oldest first. */
  List<String> violations() {
    return violations;
  }

  /** A request was sent; judged before it counts. */
  void attempt(Ask ask, NextStep.Attempt attempt, long second) {
    Deployment deployment = deployments.get(attempt.deployment());
    if (!contract.allows(ask, deployment, second)) {
      violations.add(
          "%s at %d went to %s, refused by %s"
              .formatted(ask, second, deployment.id(), contract.refusals(ask, deployment, second)));
    }
    if (deployment.site().role() == Site.Role.PARTNER && contract.homeFirst(ask, second) != null) {
      homeWasConsidered(ask, attempt, second);
    }
    for (Clause.Cap cap : contract.caps(deployment, second)) {
      isBelow(cap, deployment, second);
    }
    underWay++;
  }

  /** The rest of an answer was sent where it can be gone on with, or not. */
  void continuation(NextStep.Attempt attempt, DeploymentSet able) {
    if (!able.contains(attempt.deployment())) {
      violations.add("continued at " + attempt.deployment() + ", which is not in " + able);
    }
  }

  /** A request was refused for good: then nothing but a cap may have allowed it. */
  void forbidden(Ask ask, long second) {
    for (Deployment deployment : deployments) {
      if (contract.allows(ask, deployment, second) && contract.caps(deployment, second).isEmpty()) {
        violations.add(
            "%s at %d was refused although it may use %s".formatted(ask, second, deployment.id()));
      }
    }
  }

  /** An attempt ended; what it used counts for the period in which that is known. */
  void consumed(int index, Usage usage, long begun, long second) {
    underWay--;
    Deployment deployment = deployments.get(index);
    boolean prepaid = deployment.capacity() instanceof Capacity.Provisioned;
    long cost =
        deployment
            .price()
            .of(usage.inputTokens(), usage.cachedTokens(), usage.outputTokens())
            .amount();
    for (Period per : Period.values()) {
      Used provider = used(deployment.site().provider(), name(per, second));
      provider.nanoUsd += prepaid ? 0 : cost;
      provider.outputTokens += usage.outputTokens();
      Used all = used(null, name(per, second));
      all.outputTokens += usage.outputTokens();
      all.mixed |= !name(per, begun).equals(name(per, second));
    }
  }

  private void homeWasConsidered(Ask ask, NextStep.Attempt attempt, long second) {
    for (Deployment home : deployments) {
      if (home.site().role() == Site.Role.HOME
          && contract.allows(ask, home, second)
          && !hadNoHeadroom(home, attempt.decision())) {
        violations.add(
            "%s at %d went to a partner while %s was not found without headroom: %s"
                .formatted(ask, second, home.id(), attempt.decision()));
      }
    }
  }

  /** The decision says so; headroom is what can be taken without breaking the objective. */
  private static boolean hadNoHeadroom(Deployment home, Decision decision) {
    return decision.verdicts().stream()
        .anyMatch(verdict ->
            verdict.deployment().equals(home.id())
                && !(verdict instanceof Decision.Considered considered
                    && considered.meetsObjective()));
  }

  /**
   * What was spent is no matter to what costs nothing. Shares are judged when nothing else is under
   * way, whose tokens only estimates could tell.
   */
  private void isBelow(Clause.Cap cap, Deployment deployment, long second) {
    String period = name(cap.per(), second);
    Used provider = used(cap.provider(), period);
    Used all = used(null, period);
    boolean prepaid = deployment.capacity() instanceof Capacity.Provisioned;
    boolean overspent = !prepaid && cap.spend() != null && provider.nanoUsd > cap.spend().amount();
    boolean overshared =
        cap.share() != null
            && underWay == 0
            && !all.mixed
            && provider.outputTokens > cap.share() * all.outputTokens;
    if (overspent || overshared) {
      violations.add(
          "attempt at %d on %s above %s: %d nano-dollars, %d of %d output tokens in %s"
              .formatted(
                  second,
                  deployment.id(),
                  cap,
                  provider.nanoUsd,
                  provider.outputTokens,
                  all.outputTokens,
                  period));
    }
  }

  private Used used(@Nullable ProviderId provider, String period) {
    return used.computeIfAbsent(new Count(provider, period), _ -> new Used());
  }

  /** Periods by their names, since two seconds of one period have the same one. */
  private static String name(Period per, long second) {
    LocalDate day = Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC).toLocalDate();
    return switch (per) {
      case DAY -> "day " + day;
      case WEEK ->
          "week "
              + day.get(IsoFields.WEEK_BASED_YEAR)
              + " "
              + day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case MONTH -> "month " + day.getYear() + " " + day.getMonth();
      case YEAR -> "year " + day.getYear();
    };
  }
}
