package dev.spillway.core.admission;

import dev.spillway.core.model.Priority;

/**
 * One request that waits.
 *
 * @param <T> what it stands for; compared by identity
 * @param who the request
 * @param flow whose turn it takes, and whose places it counts as: nothing that a client can vary
 * @param pool what it waits for: those of one flow and pool keep their order, and when one of a
 *     pool has no room, those behind it need not ask
 * @param priority its place
 * @param tokens what it weighs in its flow's turn, at least 1
 * @param bytes what it holds in memory, at least 0
 * @param deadlineNanos when its answer is no longer wanted
 */
public record Ticket<T>(
    T who,
    Object flow,
    Object pool,
    Priority priority,
    long tokens,
    long bytes,
    long deadlineNanos) {
  /** Checks every bound. */
  public Ticket {
    if (tokens < 1 || bytes < 0) {
      throw new IllegalArgumentException(
          "ticket: " + tokens + " tokens, " + bytes + " bytes (expected: >= 1, >= 0)");
    }
  }
}
