package dev.spillway.site.identity;

import static dev.spillway.wire.link.LinkNames.BEGINS_BEFORE_IT_IS_MADE;

import java.time.Duration;
import java.time.Instant;

/**
 * When another certificate is asked for: once a third of its life is over, as far as that can be
 * told from what stands in it; and not again at once, whatever this machine's clock says.
 *
 * <p>Decides, and has no clock. One thread.
 */
final class RenewalPlan {
  private static final Duration TRY_EVERY = Duration.ofMinutes(1);
  private static final long OF_LIFE_AT_LEAST = 20;

  private boolean asked;
  private long againNanos;

  /** For how long a certificate is good, as it says. */
  record Validity(Instant begins, Instant ends) {
    static Validity of(SiteIdentity identity) {
      return new Validity(
          identity.certificate().getNotBefore().toInstant(),
          identity.certificate().getNotAfter().toInstant());
    }

    /** A third of the way from when it was made to its end. */
    Instant due() {
      return made().plus(life().dividedBy(3));
    }

    private Duration life() {
      return Duration.between(made(), ends);
    }

    /** One that is too short to begin earlier than it was made does not. */
    private Instant made() {
      Instant made = begins.plus(BEGINS_BEFORE_IT_IS_MADE);
      return made.isBefore(ends) ? made : begins;
    }
  }

  /** Whether to ask now; if so, not again within a minute. */
  boolean asks(Validity inForce, Instant now, long nowNanos) {
    boolean asks = !now.isBefore(inForce.due()) && (!asked || nowNanos - againNanos >= 0);
    if (asks) {
      asked = true;
      againNanos = nowNanos + TRY_EVERY.toNanos();
    }
    return asks;
  }

  /** A hub signed this one: no other is asked for before a 20th of its life, nor in a minute. */
  void renewed(Validity fresh, long nowNanos) {
    Duration share = fresh.life().dividedBy(OF_LIFE_AT_LEAST);
    Duration rest = share.compareTo(TRY_EVERY) > 0 ? share : TRY_EVERY;
    againNanos = nowNanos + rest.toNanos();
  }
}
