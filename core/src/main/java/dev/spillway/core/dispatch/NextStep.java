package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.policy.RuledOut;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Duration;
import java.util.List;

/** What a driver does next with a request; it adds no case of its own. */
public sealed interface NextStep {
  /** Why it was decided so. */
  Decision decision();

  /**
   * Make an attempt; the reservation is made already.
   *
   * @param number 1 for the first attempt of the request
   * @param deployment index in the topology
   * @param onlyThere whether nobody else takes the request now, so that a longer queue than was
   *     expected is no reason to send it back
   * @param limits how long it is waited for
   */
  record Attempt(int number, int deployment, boolean onlyThere, Limits limits, Decision decision)
      implements NextStep {}

  /**
   * How long an attempt is waited for.
   *
   * @param firstContentNanos give up on it if no content came by then, from its start
   * @param hedgeAfterNanos ask for a {@link Dispatcher#hedge} if no content came by then, from its
   *     start; {@link Long#MAX_VALUE}: never
   * @param stallNanos give up on it when, once content came, nothing more came for this long
   */
  record Limits(long firstContentNanos, long hedgeAfterNanos, long stallNanos) {
    /** Of {@link #hedgeAfterNanos}. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The same, but given up without content after this time at the latest. */
    Limits beginningWithin(long nanos) {
      return new Limits(Math.min(firstContentNanos, nanos), hedgeAfterNanos, stallNanos);
    }
  }

  /**
   * Wait: for headroom in the waiting room, or to try the same deployment again.
   *
   * @param untilNanos look again then at the latest, on the driver's monotonic clock
   * @param where whether others may overtake
   */
  record Wait(long untilNanos, Where where, Decision decision) implements NextStep {}

  /** Where a request waits. */
  enum Where {
    /** In the waiting room, in the order of priority and fairness, until something has headroom. */
    WAITING_ROOM,
    /** Alone, until the time a provider asked for (or a backoff) is over. */
    BACKOFF
  }

  /**
   * The contract does not allow it anywhere; nothing was sent.
   *
   * @param clauses what ruled out each deployment of the model, in the order of the topology
   */
  record Forbidden(List<RuledOut> clauses, Decision decision) implements NextStep {
    /** Copies. */
    public Forbidden {
      clauses = List.copyOf(clauses);
    }
  }

  /**
   * No allowed deployment can take it before its deadline.
   *
   * @param retryAfter the earliest time at which one may, zero if that is not known
   */
  record NoCapacity(Duration retryAfter, Decision decision) implements NextStep {}

  /**
   * The tenant's limits do not bear another attempt: they are lower than when it came in.
   *
   * @param rejection as at the door
   */
  record OverLimit(Admission.Rejected rejection, Decision decision) implements NextStep {}

  /**
   * Tell the client what went wrong.
   *
   * @param failure the one to show: the first that the client can do something about, else the last
   * @param retryAfter the earliest useful retry, zero if retrying never helps or nobody knows when
   */
  record GiveUp(AttemptFailure failure, Duration retryAfter, Decision decision)
      implements NextStep {}
}
