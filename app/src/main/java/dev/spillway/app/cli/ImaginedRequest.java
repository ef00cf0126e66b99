package dev.spillway.app.cli;

import static java.util.stream.Collectors.joining;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A request that nobody sent, decided by the code that decides real ones, on a platform on which
 * nothing has happened yet.
 *
 * @param assembly the platform
 * @param ask the facts that clauses speak of
 * @param tenant who asks
 * @param inputTokens how long its input is
 */
record ImaginedRequest(Assembly assembly, Ask ask, Tenant tenant, int inputTokens) {
  /** Of what was typed; fails with what could have been typed instead. */
  static ImaginedRequest of(Assembly assembly, ExplainCommand.Imagined said) throws CommandFailure {
    Tenant tenant =
        assembly
            .tenant(said.tenant)
            .orElseThrow(() ->
                unknown(
                    "--tenant", said.tenant, assembly.tenants().stream().map(Tenant::id).toList()));
    WorkloadClass workload =
        said.workload == null ? tenant.classes().getFirst() : workload(said.workload);
    Ask ask =
        new Ask(
            tenant.id(), workload, AskedModel.of(assembly, said.model), residency(said.residency));
    return new ImaginedRequest(assembly, ask, tenant, said.inputTokens);
  }

  /** The first decision about it. */
  Decision decide() {
    long now = System.nanoTime();
    Objective objective = assembly.objective(ask.workload());
    Journey journey =
        new Journey(
            ask,
            tenant,
            objective,
            new RequestShape(inputTokens, 0, 0, RequestShape.Answer.STREAMED),
            now,
            Instant.now().getEpochSecond(),
            now + objective.deadline().toNanos());
    LiveDispatcher dispatcher =
        new LiveDispatcher(
            assembly.topology(), assembly.tenants(), assembly.policy(), assembly.tuning());
    var _ = dispatcher.admit(journey, now);
    return dispatcher.next(journey, now).decision();
  }

  private static WorkloadClass workload(String label) throws CommandFailure {
    return WorkloadClass.ofLabel(label)
        .orElseThrow(() ->
            unknown(
                "--class",
                label,
                Arrays.stream(WorkloadClass.values()).map(WorkloadClass::label).toList()));
  }

  /** With spaces around them, as the header may have them. */
  private static List<Geography> residency(List<String> typed) throws CommandFailure {
    List<Geography> geographies = new ArrayList<>();
    for (String each : typed) {
      try {
        geographies.add(new Geography(each.strip()));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(
            "--residency: '" + each + "' (expected: geographies, such as eu,us)", e);
      }
    }
    return geographies;
  }

  private static CommandFailure unknown(String option, String found, Collection<?> known) {
    String names = known.stream().map(Object::toString).collect(joining(", "));
    return new CommandFailure(option + ": '" + found + "' (expected: one of " + names + ")");
  }
}
