package dev.spillway.gateway.exchange;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.Elsewhere;
import dev.spillway.wire.error.ErrorObject;
import org.jspecify.annotations.Nullable;

/**
 * Why what came is no answer.
 *
 * @param failure for the dispatcher
 * @param status the provider's status
 * @param error the provider's own words, for the client if it can do something about them; null if
 *     there are none
 */
record Trouble(AttemptFailure failure, int status, @Nullable ErrorObject error) {
  /** The client asked nothing wrong: it is what was made of it that this provider does not take. */
  Trouble ofTheRest() {
    return failure.kind() == AttemptFailure.Kind.INVALID_REQUEST
        ? new Trouble(
            new AttemptFailure(AttemptFailure.Kind.REST_REFUSED, failure.message(), null),
            status,
            error)
        : this;
  }

  /** Of fewer choices than were asked for: what others get, who ask for one, would be whole. */
  Trouble blamingNobody() {
    if (!failure.blamesDeployment()) {
      return this;
    }
    String what = failure.message() + ", after fewer choices than were asked for";
    return Trouble.of(AttemptFailure.Kind.FEWER_CHOICES, what);
  }

  /** Whether any other deployment would say the same. */
  boolean isTheSameElsewhere() {
    return Elsewhere.after(failure.kind()) == Elsewhere.NOWHERE;
  }

  static Trouble of(AttemptFailure.Kind kind, String what) {
    return new Trouble(new AttemptFailure(kind, what, null), 200, null);
  }
}
