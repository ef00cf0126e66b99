package dev.spillway.core.retry;

/** What a failure at one deployment means for the rest of the request. */
public enum Elsewhere {
  /** Other deployments may answer; this one never will. */
  NEVER_HERE_AGAIN,
  /** Others first; this one once more if there is no other. */
  HERE_ONCE_MORE,
  /** This one as well, when the time is over that it asked for. */
  HERE_WHEN_ASKED,
  /** Nobody would answer otherwise. */
  NOWHERE;

  /** What this kind of failure means. */
  public static Elsewhere after(AttemptFailure.Kind kind) {
    return switch (kind) {
      case RATE_LIMITED -> HERE_WHEN_ASKED;
      case SERVER_ERROR, UNREACHABLE, OVERLOADED, STREAM_BROKEN, STALLED, BAD_ANSWER ->
          HERE_ONCE_MORE;
      case TIMED_OUT, CONTEXT_TOO_LONG, REST_REFUSED, FEWER_CHOICES, MISCONFIGURED ->
          NEVER_HERE_AGAIN;
      case INVALID_REQUEST, REFUSED_BY_FILTER -> NOWHERE;
    };
  }
}
