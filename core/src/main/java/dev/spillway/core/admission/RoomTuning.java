package dev.spillway.core.admission;

/**
 * How much may wait, and in which portions it is let out.
 *
 * @param mostRequests requests that may wait at once, at least 1; default 10,000
 * @param mostBytes estimated bytes of their bodies together, at least 1; default 1 GiB
 * @param quantumTokens tokens that each flow may send before the next has its turn, at least 1;
 *     default 4,000, about one long request
 * @param rateWindowSeconds over how long the rate of service is measured, more than 0; default 10
 */
public record RoomTuning(
    int mostRequests, long mostBytes, long quantumTokens, double rateWindowSeconds) {
  /** The defaults above. */
  public static final RoomTuning DEFAULT = new RoomTuning(10_000, 1L << 30, 4_000, 10);

  /** Checks every bound. */
  public RoomTuning {
    if (mostRequests < 1 || mostBytes < 1 || quantumTokens < 1 || !(rateWindowSeconds > 0)) {
      throw new IllegalArgumentException(
          "waiting-room: "
              + mostRequests
              + ", "
              + mostBytes
              + " bytes, "
              + quantumTokens
              + " tokens, "
              + rateWindowSeconds
              + " s (expected: each >= 1)");
    }
  }
}
