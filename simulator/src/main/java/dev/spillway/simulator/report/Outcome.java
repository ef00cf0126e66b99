package dev.spillway.simulator.report;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request of a load.
 *
 * @param kind how it ended
 * @param site who served it; null if nobody did, or nobody said
 * @param detail of an end that is not whole: a status or a kind of failure; empty otherwise
 * @param ttftNanos from the time it was due to its first token; -1 if there was none
 * @param tpotNanos mean time per output token after the first; 0 for an answer of one token
 * @param inputTokens of the trace
 * @param outputTokens received
 */
public record Outcome(
    Kind kind,
    @Nullable String site,
    String detail,
    long ttftNanos,
    long tpotNanos,
    long inputTokens,
    long outputTokens) {
  /** How a request ended. */
  public enum Kind {
    /** The whole answer came. */
    WHOLE("whole"),
    /** The answer broke off, and said so. */
    CUT("cut, with an error"),
    /** The answer broke off and looked finished, or just stopped. */
    CUT_SILENTLY("cut, silently"),
    /** A clear no before any work was done. */
    REFUSED("refused"),
    /** An error in place of an answer, or none at all. */
    FAILED("failed");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Its name in reports. */
    public String label() {
      return label;
    }
  }

  /** Whether it was whole and in time. */
  boolean meets(ReportObjective objective) {
    return kind == Kind.WHOLE
        && ttftNanos <= objective.ttft().toNanos()
        && tpotNanos <= objective.tpot().toNanos();
  }
}
