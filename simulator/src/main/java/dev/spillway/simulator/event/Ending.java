package dev.spillway.simulator.event;

/** How a simulated request ended. */
public sealed interface Ending {
  /**
   * The answer was whole.
   *
   * @param deployment who gave it, index in the topology
   * @param ttftNanos from arrival at the hub to the first token
   * @param tpotNanos mean time per output token after the first
   */
  record Whole(int deployment, long ttftNanos, long tpotNanos) implements Ending {}

  /** The answer broke off; the client was told. */
  record Cut(int deployment, String why) implements Ending {}

  /** Turned away before any work was done. */
  record Refused(String why) implements Ending {}

  /** Every attempt failed before its first token. */
  record Failed(String why) implements Ending {}
}
