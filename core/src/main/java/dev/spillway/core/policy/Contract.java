package dev.spillway.core.policy;

import java.util.List;

/**
 * What the parties agreed.
 *
 * @param clauses in the order in which they were written; where several refuse, the first is cited
 */
public record Contract(List<Clause> clauses) {
  /** Nothing was agreed: what remains is what tenants were granted. */
  public static final Contract EMPTY = new Contract(List.of());

  /** Copies. */
  public Contract {
    clauses = List.copyOf(clauses);
  }
}
