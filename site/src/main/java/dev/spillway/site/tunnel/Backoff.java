package dev.spillway.site.tunnel;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next dial: anything up to a bound ("full jitter"), so that a thousand
 * agents who lost their hub at once do not come back at once.
 *
 * <pre>
 *   bound = time since the trouble began / 4, within 0.2 s and 30 s
 * </pre>
 *
 * <p>So a short cut is over soon for everybody, and a long one is not knocked at for long. A link
 * that has held for {@link #STABLE_NANOS} ends the trouble, whether it ends itself or not: what
 * comes after it is new, be it the failure of another link, weeks later. A longer time would add up
 * cuts that have nothing to do with one another; a shorter one would knock fast at a hub that takes
 * links and drops them.
 */
final class Backoff {
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** As long as a link has to hold to be believed, nanoseconds: five seconds. */
  static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long SHARE = 4;

  private final RandomGenerator random;
  private boolean troubled;
  private long sinceNanos;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** A link is up for {@link #STABLE_NANOS} by now. */
  void held() {
    troubled = false;
  }

  /** A link ended that had held for so long; 0 if it never came up. Nanoseconds to wait. */
  long ended(long heldNanos, long nowNanos) {
    if (!troubled || heldNanos >= STABLE_NANOS) {
      troubled = true;
      sinceNanos = nowNanos;
    }
    long bound = Math.clamp((nowNanos - sinceNanos) / SHARE, LEAST_NANOS, MOST_NANOS);
    return random.nextLong(bound + 1);
  }
}
