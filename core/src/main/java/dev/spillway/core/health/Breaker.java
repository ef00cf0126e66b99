package dev.spillway.core.health;

import dev.spillway.core.model.EvenSpread;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/**
 * Whether a deployment is ill, and how far it is on its way back.
 *
 * <pre>
 *            failures                 hold-down over, one probe
 *   CLOSED ------------&gt; OPEN -----------------------------------&gt; HALF_OPEN
 *     ^                   ^                                            |
 *     |                   +-------------- probe failed ----------------+
 *     +------- ramp: a growing share for 15 s ------ probe answered ---+
 * </pre>
 *
 * <p>It opens when several attempts in a row found nobody (a machine or its link is gone: no need
 * to ask twenty more), or when the smoothed share of failures passes its limit. A refusal because
 * the provider is full never counts: it is full, not ill. The hold-down doubles with each relapse,
 * that is, when it fell ill again soon after it was well; a probe that failed says only that it is
 * not yet well, and the next one follows soon after it was sent, so that neither a long illness nor
 * a silent probe makes a long return. A deployment that was known to be gone and is there again is
 * ramped as one that was ill. On return, request number {@code n} is let in if {@code frac(n *
 * phi)} is below the share reached so far: an even spread without dice ({@link EvenSpread}).
 *
 * <p>One {@code long} stepped by compare-and-set holds it all, so that one probe means one, over
 * all event loops. From its lowest bit: 2 bits state, 3 relapses, 3 unreachable in a row (while it
 * is open: 1 after a probe that failed), 10 share of failures in 1/1023, 44 the time of the last
 * change in units of 2^20 ns (about a millisecond; differences are right for 292 years).
 */
public final class Breaker {
  static final int REMEMBERED_ATTEMPTS = 16;

  private static final int CLOSED = 0;
  private static final int OPEN = 1;
  private static final int HALF_OPEN = 2;

  private static final int MOST_RELAPSES = 7;
  private static final int MOST_IN_A_ROW = 7;
  private static final int WHOLE_RATE = 1_023;
  private static final int AFTER_A_PROBE = 1;

  /** State and relapses: all 0 when it is closed and was not ill of late. */
  private static final long ILLNESS = 31;

  private static final int RELAPSES_AT = 2;
  private static final int ROW_AT = 5;
  private static final int RATE_AT = 8;
  private static final int SINCE_AT = 18;
  private static final int NANOS_PER_TICK_LOG2 = 20;
  private static final long A_TICK_NANOS = 1L << NANOS_PER_TICK_LOG2;

  private final BreakerTuning tuning;
  private final AtomicLong packed = new AtomicLong();

  /** A deployment that is well. */
  public Breaker(BreakerTuning tuning) {
    this.tuning = tuning;
  }

  /** What of a request it lets through. */
  public enum Ruling {
    /** It may go. */
    LETS_THROUGH,
    /** It may go, and must win {@link Breaker#tryProbe} first. */
    WANTS_A_PROBE,
    /** Another request's turn: the share that is let in has not grown to this one. */
    HOLDS_BACK,
    /** Nothing goes. */
    STOPS
  }

  /** Whether it lets everything through until something fails. */
  public boolean isWell() {
    return isWell(packed.get());
  }

  /** What becomes of the request of this number now. */
  public Ruling rule(long requestNumber, long nowNanos) {
    long now = packed.get();
    if (isWell(now)) {
      return Ruling.LETS_THROUGH;
    }
    long sinceNanos = sinceNanos(now, nowNanos);
    return switch (state(now)) {
      case CLOSED -> {
        boolean ramping = relapses(now) > 0 && sinceNanos < tuning.ramp().toNanos();
        boolean itsTurn = EvenSpread.of(requestNumber) * tuning.ramp().toNanos() < sinceNanos;
        yield !ramping || itsTurn ? Ruling.LETS_THROUGH : Ruling.HOLDS_BACK;
      }
      default -> sinceNanos >= stopsForNanos(now) ? Ruling.WANTS_A_PROBE : Ruling.STOPS;
    };
  }

  /** Becomes the one probe; false if another was faster. */
  public boolean tryProbe(long requestNumber, long nowNanos) {
    long before = packed.get();
    return rule(requestNumber, nowNanos) == Ruling.WANTS_A_PROBE
        && packed.compareAndSet(before, pack(HALF_OPEN, relapses(before), 0, 0, nowNanos));
  }

  /**
   * An attempt was answered, were it by a refusal. Told once an attempt: at its first content, or
   * at its end if there was none.
   *
   * @param sent which attempt it was
   */
  public void answered(Sent sent, long nowNanos) {
    step(before ->
        switch (state(before)) {
          case CLOSED -> calmer(before, nowNanos);
          case HALF_OPEN ->
              sent.isProbe() ? pack(CLOSED, relapses(before), 0, 0, nowNanos) : before;
          default -> before;
        });
  }

  /** An attempt failed in a way that blames the deployment, but somebody was there. */
  public void failed(Sent sent, long nowNanos) {
    step(before -> worse(before, sent, 0, nowNanos));
  }

  /**
   * An attempt failed likewise whose answer had begun, and was counted then: it counts as a failure
   * alone.
   */
  public void broke(Sent sent, long nowNanos) {
    step(before -> {
      long uncounted = uncounted(before);
      long worse = worse(uncounted, sent, 0, nowNanos);
      return worse == uncounted ? before : worse; // of one that says nothing, neither did then
    });
  }

  /** An attempt found nobody. */
  public void unreachable(Sent sent, long nowNanos) {
    step(before -> worse(before, sent, Math.min(MOST_IN_A_ROW, inARow(before) + 1), nowNanos));
  }

  /** An attempt ended without telling anything: its client left. A probe must be made again. */
  public void learntNothing(Sent sent, long nowNanos) {
    step(before ->
        isAwaited(before, sent)
            ? pack(OPEN, relapses(before), 0, 0, nowNanos - holdDownNanos(before) - A_TICK_NANOS)
            : before);
  }

  /**
   * It is there again after it was known to be gone: it takes a growing share first, as its caches
   * are cold and everybody wants it back at once. Where it was found to be ill meanwhile, a probe
   * is awaited all the same.
   */
  public void returned(long nowNanos) {
    step(before ->
        state(before) == CLOSED
            ? pack(CLOSED, Math.max(1, relapses(before)), 0, 0, nowNanos)
            : before);
  }

  /** For people. */
  public BreakerState state() {
    return switch (state(packed.get())) {
      case CLOSED -> BreakerState.CLOSED;
      case OPEN -> BreakerState.OPEN;
      default -> BreakerState.HALF_OPEN;
    };
  }

  /** How long until it lets something through, nanoseconds; 0 if it does so now. */
  public long opensInNanos(long nowNanos) {
    long now = packed.get();
    return Math.max(0, stopsForNanos(now) - sinceNanos(now, nowNanos));
  }

  /**
   * How long a probe is waited for whose answer can be seen to begin, nanoseconds: a little less
   * than until another may go, so that it is gone by then.
   */
  public long probeNanos() {
    return tuning.probeLimit().toNanos() / 10 * 9;
  }

  private long worse(long before, Sent sent, int inARow, long nowNanos) {
    return switch (state(before)) {
      case CLOSED -> {
        if (relapses(before) > 0 && sinceNanos(before, sent.sentNanos()) < 0) {
          yield before; // of the illness that is over
        }
        int rate = rate(before) + (WHOLE_RATE - rate(before)) / REMEMBERED_ATTEMPTS;
        boolean opens =
            inARow >= tuning.unreachableInARow() || rate >= tuning.failureRate() * WHOLE_RATE;
        yield opens
            ? pack(OPEN, relapsed(before, nowNanos), 0, 0, nowNanos)
            : withCounts(before, inARow, rate);
      }
      case HALF_OPEN ->
          isAwaited(before, sent)
              ? pack(OPEN, relapses(before), AFTER_A_PROBE, 0, sent.sentNanos())
              : before;
      default -> before;
    };
  }

  /** Of several probes the last: what became of an earlier one since it went says no more. */
  private static boolean isAwaited(long state, Sent sent) {
    return state(state) == HALF_OPEN && sent.isProbe() && sinceNanos(state, sent.sentNanos()) >= 0;
  }

  /** The first opening counts as 1, so that 0 means never ill. */
  private int relapsed(long before, long nowNanos) {
    boolean again = sinceNanos(before, nowNanos) < tuning.relapseWithin().toNanos();
    return again ? Math.min(MOST_RELAPSES, relapses(before) + 1) : 1;
  }

  private long calmer(long before, long nowNanos) {
    boolean forgiven =
        relapses(before) > 0 && sinceNanos(before, nowNanos) >= tuning.relapseWithin().toNanos();
    int rate = rate(before) - (rate(before) + REMEMBERED_ATTEMPTS - 1) / REMEMBERED_ATTEMPTS;
    return forgiven ? pack(CLOSED, 0, 0, rate, nowNanos) : withCounts(before, 0, rate);
  }

  /** Without one answer that began: what {@link #calmer} did to the share. */
  private static long uncounted(long before) {
    if (state(before) != CLOSED) {
      return before;
    }
    int rate = rate(before) * REMEMBERED_ATTEMPTS / (REMEMBERED_ATTEMPTS - 1);
    return withCounts(before, inARow(before), Math.min(WHOLE_RATE, rate));
  }

  /** How long nothing goes, from its last change; 0 if it is closed. */
  private long stopsForNanos(long state) {
    return switch (state(state)) {
      case CLOSED -> 0;
      case OPEN -> holdDownNanos(state);
      default -> tuning.probeLimit().toNanos();
    };
  }

  private long holdDownNanos(long state) {
    if (inARow(state) == AFTER_A_PROBE) {
      return tuning.betweenProbes().toNanos();
    }
    long doubled = tuning.holdDown().toNanos() << Math.max(0, relapses(state) - 1);
    return Math.min(doubled, tuning.mostHoldDown().toNanos());
  }

  private void step(LongUnaryOperator next) {
    packed.updateAndGet(next);
  }

  private static long pack(int state, int relapses, int inARow, int rate, long nowNanos) {
    return state
        | (long) relapses << RELAPSES_AT
        | (long) inARow << ROW_AT
        | (long) rate << RATE_AT
        | (nowNanos >> NANOS_PER_TICK_LOG2) << SINCE_AT;
  }

  private static long withCounts(long state, int inARow, int rate) {
    long kept = state & ~((1L << SINCE_AT) - (1L << ROW_AT));
    return kept | (long) inARow << ROW_AT | (long) rate << RATE_AT;
  }

  private static boolean isWell(long state) {
    return (state & ILLNESS) == 0;
  }

  private static int state(long state) {
    return (int) (state & 3);
  }

  private static int relapses(long state) {
    return (int) (state >> RELAPSES_AT) & 7;
  }

  private static int inARow(long state) {
    return (int) (state >> ROW_AT) & 7;
  }

  private static int rate(long state) {
    return (int) (state >> RATE_AT) & WHOLE_RATE;
  }

  /** Both ends lose their low bits, and their high ones: the difference stays right. */
  private static long sinceNanos(long state, long nowNanos) {
    long ticks = ((nowNanos >> NANOS_PER_TICK_LOG2) << SINCE_AT) - (state & (-1L << SINCE_AT));
    return (ticks >> SINCE_AT) << NANOS_PER_TICK_LOG2;
  }
}
