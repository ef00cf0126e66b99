package dev.spillway.core.policy;

import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.CompiledPolicy.Meter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns a contract into a policy that is asked before every attempt, or says why it cannot.
 *
 * <p>A contract that names something unknown, or under which rivals could share a deployment, never
 * comes into force.
 */
public final class PolicyCompiler {
  private final Terms terms;

  private PolicyCompiler(Terms terms) {
    this.terms = terms;
  }

  /**
   * Compiles a contract.
   *
   * @param nowEpochSecond rivals must not meet from this second since 1970 on; what they could have
   *     shared before is withheld from both
   */
  public static Compilation compile(
      Topology topology, List<Tenant> tenants, Contract contract, long nowEpochSecond) {
    Terms terms = new Terms(topology, tenants, contract);
    List<PolicyProblem> problems = new ContractCheck(terms).problems();
    return problems.isEmpty()
        ? new PolicyCompiler(terms).compile(nowEpochSecond)
        : new Compilation.Refused(problems);
  }

  private Compilation compile(long now) {
    long[] starts = starts();
    List<Meter> meters = meters();
    List<Segment> segments = new ArrayList<>();
    RivalCheck rivals = new RivalCheck(terms);
    for (int i = 0; i < starts.length; i++) {
      var segment = new SegmentCompiler(terms, meters, starts[i]);
      segments.add(segment.compile());
      boolean over = i + 1 < starts.length && starts[i + 1] <= now;
      if (!over) {
        rivals.look(segment.conflicts(), Math.max(starts[i], now));
      }
    }
    if (!rivals.problems().isEmpty()) {
      return new Compilation.Refused(rivals.problems());
    }
    return new Compilation.Compiled(
        new CompiledPolicy(terms, starts, List.copyOf(segments), meters));
  }

  /** Every instant from which other clauses are in force. */
  private long[] starts() {
    Set<Long> starts = new TreeSet<>();
    starts.add(Long.MIN_VALUE);
    for (Clause clause : terms.contract().clauses()) {
      addStart(starts, clause.heading().from());
      addStart(starts, clause.heading().until());
    }
    return starts.stream().mapToLong(Long::longValue).toArray();
  }

  private static void addStart(Set<Long> starts, @Nullable LocalDate day) {
    if (day != null) {
      starts.add(Clause.Heading.firstSecondOf(day));
    }
  }

  private List<Meter> meters() {
    return terms.contract().clauses().stream()
        .filter(Clause.Cap.class::isInstance)
        .map(Clause.Cap.class::cast)
        .map(cap -> new Meter(cap.provider(), cap.per()))
        .distinct()
        .toList();
  }
}
