package dev.spillway.core.retry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt did not give a whole answer.
 *
 * @param kind what went wrong, as far as a caller cares
 * @param message what was asked of whom and what came back; never content, keys or the provider's
 *     own text
 * @param retryAfter how long the provider asked to be left alone; null if it did not say
 */
public record AttemptFailure(Kind kind, String message, @Nullable Duration retryAfter) {
  /** What went wrong. */
  public enum Kind {
    /** The provider refused for now: its quota for us is used up. It is full, not ill. */
    RATE_LIMITED,
    /** The provider said it is overloaded (503, 529). */
    OVERLOADED,
    /** The provider broke (500, 502, 504 or an error object inside a 200). */
    SERVER_ERROR,
    /** No content came within the limit. */
    TIMED_OUT,
    /** No connection, or it closed before an answer began. */
    UNREACHABLE,
    /** The answer began and then broke off or turned to garbage. */
    STREAM_BROKEN,
    /** The answer began and then was silent for longer than the limit: it may have gone on. */
    STALLED,
    /** What came was not an answer (HTML, empty, truncated JSON, bad framing). */
    BAD_ANSWER,
    /** The request itself is wrong; it would be wrong anywhere. */
    INVALID_REQUEST,
    /** The input is longer than this deployment takes; another may take it. */
    CONTEXT_TOO_LONG,
    /** It would not go on with what another began; another may. */
    REST_REFUSED,
    /** It sent fewer choices than were asked for, those whole; another may send them all. */
    FEWER_CHOICES,
    /** The provider's content filter refused: an answer, not a failure. */
    REFUSED_BY_FILTER,
    /** Our own configuration there is wrong (401, 403, unknown model). */
    MISCONFIGURED
  }

  /** Whether another deployment may still answer the same request from its start. */
  public boolean worthAnotherDeployment() {
    return switch (kind) {
      case RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMED_OUT,
          UNREACHABLE,
          STREAM_BROKEN,
          STALLED,
          BAD_ANSWER,
          CONTEXT_TOO_LONG,
          REST_REFUSED,
          FEWER_CHOICES,
          MISCONFIGURED ->
          true;
      case INVALID_REQUEST, REFUSED_BY_FILTER -> false;
    };
  }

  /** Whether it says something about the health of the deployment. */
  public boolean blamesDeployment() {
    return switch (kind) {
      case OVERLOADED, SERVER_ERROR, TIMED_OUT, UNREACHABLE, STREAM_BROKEN, STALLED, BAD_ANSWER ->
          true;
      case RATE_LIMITED,
          INVALID_REQUEST,
          CONTEXT_TOO_LONG,
          REST_REFUSED,
          FEWER_CHOICES,
          REFUSED_BY_FILTER,
          MISCONFIGURED ->
          false;
    };
  }

  /** Whether the client can do something about it: change what it asked. */
  public boolean clientCanHelp() {
    return switch (kind) {
      case INVALID_REQUEST, CONTEXT_TOO_LONG, REFUSED_BY_FILTER -> true;
      case RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR,
          TIMED_OUT,
          UNREACHABLE,
          STREAM_BROKEN,
          STALLED,
          BAD_ANSWER,
          REST_REFUSED,
          FEWER_CHOICES,
          MISCONFIGURED ->
          false;
    };
  }
}
