package dev.spillway.gateway.tunnel;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

/**
 * How much of an answer may be under way, sent and not taken yet: little at first, which is all
 * that one who does not read costs, and twice as much whenever half of it was taken within two
 * round trips. So it becomes what a fast reader needs over a long way, and stays small for tokens
 * that come as they are made.
 *
 * <p>Two round trips is the measure that QUIC implementations use (Chromium's {@code
 * QuicFlowController::MaybeIncreaseMaxWindowSize}). The shortest round trip seen counts: a longer
 * one is a queue, and would widen windows the more the more there is to hold.
 *
 * <p>One event loop.
 */
final class StreamWindow {
  /** A second of tokens a hundred times over; 320 kB/s over a round trip of 100 ms. */
  static final int FIRST = 32 << 10;

  /** 10 MB/s over a round trip of 100 ms. */
  static final int MOST = 1 << 20;

  /**
   * More than the buffers between here and a client hold: who has taken so much reads, and only
   * then is anything believed of how fast.
   */
  static final int BELIEVED = 128 << 10;

  private static final long ROUND_TRIPS = 2;

  /** As long as no ping has come back: that of a way across a continent. */
  private static final long UNKNOWN_MICROS = 100_000;

  private final WindowBudget budget;
  private int bytes = FIRST;
  private int taken;
  private long takenBefore;
  private long givenNanos;
  private boolean closed;

  StreamWindow(WindowBudget budget, long nowNanos) {
    this.budget = budget;
    this.givenNanos = nowNanos;
  }

  /** So many bytes came, and count as taken once {@link #due} is asked. */
  void came(int count) {
    taken += count;
  }

  /** Bytes that the other side may send in their place; 0 if they are not worth a frame. */
  int due() {
    return taken >= bytes / 2 && !closed ? taken : 0;
  }

  /**
   * What is due is given back.
   *
   * @param roundTripMicros of the connection; below 0 if it is not known
   * @return by how much the window is wider from now on
   */
  int given(long nowNanos, long roundTripMicros) {
    long quick = ROUND_TRIPS * (roundTripMicros < 0 ? UNKNOWN_MICROS : roundTripMicros);
    boolean wider =
        takenBefore >= BELIEVED
            && bytes < MOST
            && nowNanos - givenNanos < MICROSECONDS.toNanos(quick)
            && budget.takes(bytes);
    int more = wider ? bytes : 0;
    takenBefore += taken;
    taken = 0;
    givenNanos = nowNanos;
    bytes += more;
    return more;
  }

  /** The stream is over: nothing is due from now on. */
  void close() {
    closed = true;
    budget.giveBack(bytes - FIRST);
    bytes = FIRST;
  }
}
