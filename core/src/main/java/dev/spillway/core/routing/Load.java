package dev.spillway.core.routing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What we sent to one deployment and is not over: the ledger of reservations.
 *
 * <p>Where the first token is seen, a prompt is pending until it comes. Where it is not (an answer
 * that comes all at once), it drains at the rate the engines are believed to have, see {@link
 * Unseen}.
 *
 * <p>Shared by all event loops.
 */
final class Load {
  private static final double HOLD_WEIGHT = 0.05;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong pendingTokens = new AtomicLong();
  private final AtomicReference<Unseen> unseen = new AtomicReference<>(Unseen.NONE);
  private final AtomicLong holdBits = new AtomicLong(Double.doubleToRawLongBits(0));

  /** Attempts sent and unfinished. */
  int inFlight() {
    return inFlight.get();
  }

  /** Attempts whose first token was not seen yet. */
  int pending() {
    return pending.get();
  }

  /** The same, and those whose first token nobody will see. */
  int unbegun() {
    return pending.get() + unseen.get().inFlight();
  }

  /** Input tokens sent whose first output token was not seen yet, and will be. */
  long pendingTokens() {
    return pendingTokens.get();
  }

  /** The prompts whose first output token nobody sees. */
  Unseen unseen() {
    return unseen.get();
  }

  /** An attempt leaves whose first token will be seen. */
  void sentSeen(long inputTokens) {
    inFlight.incrementAndGet();
    pending.incrementAndGet();
    pendingTokens.addAndGet(inputTokens);
  }

  /** The first token came, or never will. */
  void read(long inputTokens) {
    if (pending.decrementAndGet() < 0 || pendingTokens.addAndGet(-inputTokens) < 0) {
      throw new IllegalStateException("more prompts read than sent");
    }
  }

  /** An attempt leaves whose first token will not be seen; answers when it will have been read. */
  long sentUnseen(long inputTokens, double tokensPerSecond, long nowNanos) {
    inFlight.incrementAndGet();
    long reading = Unseen.readingNanos(inputTokens, tokensPerSecond);
    return unseen.updateAndGet(before -> before.sent(inputTokens, reading, nowNanos)).readAtNanos();
  }

  /**
   * Such an attempt is over, whatever became of it: nothing of it is left to read.
   *
   * @param readAtNanos when it was to have been read
   */
  void endedUnseen(long inputTokens, long readAtNanos, double tokensPerSecond, long nowNanos) {
    long reading = Unseen.readingNanos(inputTokens, tokensPerSecond);
    long unread = Math.clamp(readAtNanos - nowNanos, 0L, reading);
    unseen.updateAndGet(before -> before.ended(inputTokens, unread, tokensPerSecond, nowNanos));
  }

  /** An attempt is over that took this long. */
  void ended(long heldNanos) {
    if (inFlight.decrementAndGet() < 0) {
      throw new IllegalStateException("more attempts ended than began");
    }
    holdBits.updateAndGet(before -> {
      double usual = Double.longBitsToDouble(before);
      double next = usual == 0 ? (double) heldNanos : usual + HOLD_WEIGHT * (heldNanos - usual);
      return Double.doubleToRawLongBits(next);
    });
  }

  /** How long an attempt usually takes, nanoseconds; 0 if none ended yet. */
  double holdNanos() {
    return Double.longBitsToDouble(holdBits.get());
  }
}
