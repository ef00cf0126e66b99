package dev.spillway.core.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What is left of the quotas that a provider states with its answers, so that we go elsewhere
 * before it refuses.
 *
 * <p>What an answer states was so when its attempt was taken; since then others were sent. So we
 * count what was ever sent, and a statement becomes a ceiling of that count:
 *
 * <pre>
 *   left = remaining - (sent by now - sent by then) + refill * (now - then)
 *   fits : 1 &lt;= left of the requests  and  input + output &lt;= left of the tokens
 * </pre>
 *
 * <p>It only ever keeps requests away: it gives no room that is not there without it. The statement
 * about the latest attempt counts, whichever is heard last, until its reset or for {@link
 * #LONGEST_NANOS}; then nothing is known. What other senders take shows in the next one. What was
 * meant to be sent and could not be stays counted until then: that errs on the careful side.
 *
 * <p>Shared by all event loops: two counts, and a ceiling for each, stepped by compare-and-set.
 */
public final class StatedQuotas {
  /** No statement is believed for longer: quotas are of a minute, and things change. */
  static final long LONGEST_NANOS = 60_000_000_000L;

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicReference<Ceiling> mostRequests = new AtomicReference<>(Ceiling.NONE);
  private final AtomicReference<Ceiling> mostTokens = new AtomicReference<>(Ceiling.NONE);

  /** Whether a request of this size fits now, as far as was stated. */
  public boolean fits(Demand demand, long nowNanos) {
    return roomInNanos(demand, nowNanos) == 0;
  }

  /** How long until a request of this size fits, or nothing is known any more; 0 if it is now. */
  public long roomInNanos(Demand demand, long nowNanos) {
    return Math.max(
        mostRequests.get().roomInNanos(requests.get() + 1, nowNanos),
        mostTokens.get().roomInNanos(tokens.get() + demand.tokens(), nowNanos));
  }

  /**
   * Whether tokens are left, too few for a request of this size, and none come back before all of
   * them do: what is left is for smaller ones.
   */
  public boolean isTooShortFor(Demand demand, long nowNanos) {
    Ceiling most = mostTokens.get();
    return most.perNano == 0
        && most.count > tokens.get()
        && most.roomInNanos(tokens.get() + demand.tokens(), nowNanos) > 0
        && mostRequests.get().roomInNanos(requests.get() + 1, nowNanos) == 0;
  }

  /** Forgets what is over; whether there was anything, which one of those who ask is told. */
  public boolean forgets(long nowNanos) {
    boolean one = forgets(mostRequests, nowNanos);
    return forgets(mostTokens, nowNanos) || one;
  }

  /** From when on every request of at most {@link #leftTokens} fits, if nothing happens. */
  public long roomFromNanos() {
    Ceiling most = mostRequests.get();
    return requests.get() < most.count ? Headroom.NOW : most.endsNanos;
  }

  /** Tokens of a request that fits from then on; less than 0 if none does. */
  public long leftTokens() {
    return mostTokens.get().count - tokens.get();
  }

  /** Counts a request that is sent, or nothing if it does not fit. */
  public boolean tryTake(Demand demand, long nowNanos) {
    long request = requests.incrementAndGet();
    long upTo = tokens.addAndGet(demand.tokens());
    if (mostRequests.get().roomInNanos(request, nowNanos) == 0
        && mostTokens.get().roomInNanos(upTo, nowNanos) == 0) {
      return true;
    }
    giveBack(demand);
    return false;
  }

  /** It was not sent after all. */
  public void giveBack(Demand demand) {
    requests.decrementAndGet();
    tokens.addAndGet(-demand.tokens());
  }

  /**
   * What was sent so far.
   *
   * @param weightedTokens what of it is in the deployment's bucket
   */
  public SentSoFar sent(double weightedTokens, long nowNanos) {
    return new SentSoFar(requests.get(), tokens.get(), weightedTokens, nowNanos);
  }

  /** The provider took an attempt and stated what was left then, when so much had been sent. */
  public void stated(StatedCapacity what, SentSoFar then, long nowNanos) {
    if (what.requests() != null) {
      replace(mostRequests, Ceiling.of(what.requests(), then.requests(), then.atNanos()), nowNanos);
    }
    if (what.tokens() != null) {
      replace(mostTokens, Ceiling.of(what.tokens(), then.tokens(), then.atNanos()), nowNanos);
    }
  }

  private static boolean forgets(AtomicReference<Ceiling> known, long nowNanos) {
    Ceiling most = known.get();
    return !most.equals(Ceiling.NONE)
        && most.isOver(nowNanos)
        && known.compareAndSet(most, Ceiling.NONE);
  }

  private static void replace(AtomicReference<Ceiling> known, Ceiling next, long nowNanos) {
    known.updateAndGet(before ->
        before.isOver(nowNanos) || next.fromNanos - before.fromNanos >= 0 ? next : before);
  }

  /**
   * How far a count may go.
   *
   * @param count that far at first
   * @param perNano what is added in a nanosecond
   * @param fromNanos when it was so
   * @param endsNanos when it is forgotten
   */
  private record Ceiling(long count, double perNano, long fromNanos, long endsNanos) {
    static final Ceiling NONE = new Ceiling(Long.MAX_VALUE, 0, Headroom.NOW, Headroom.NOW);

    static Ceiling of(Quota limit, long sent, long sentNanos) {
      long lasts = Math.min(limit.resetNanos(), LONGEST_NANOS);
      return new Ceiling(sent + limit.remaining(), limit.perNano(), sentNanos, sentNanos + lasts);
    }

    boolean isOver(long nowNanos) {
      return nowNanos - endsNanos >= 0;
    }

    long roomInNanos(long wanted, long nowNanos) {
      if (wanted <= count || isOver(nowNanos)) {
        return 0;
      }
      double refilled = (wanted - count) / perNano; // infinite if nothing comes back before the end
      double left = Math.min((double) (endsNanos - nowNanos), refilled - (nowNanos - fromNanos));
      return (long) Math.ceil(Math.max(0, left));
    }
  }
}
