package dev.spillway.core.policy;

import java.util.List;

/** What became of a contract: a policy, or every reason why there is none. */
public sealed interface Compilation {
  /** It can be put in force. */
  record Compiled(CompiledPolicy policy) implements Compilation {}

  /**
   * It cannot; whatever policy is in force stays.
   *
   * @param problems at least one, in the order of the configuration
   */
  record Refused(List<PolicyProblem> problems) implements Compilation {
    /** Copies. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
