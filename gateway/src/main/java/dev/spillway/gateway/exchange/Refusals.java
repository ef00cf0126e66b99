package dev.spillway.gateway.exchange;

import static java.util.stream.Collectors.joining;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.policy.RuledOut;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.ErrorObject;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.resume.Obstacle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the client is told when there is no answer.
 *
 * <p>Names no deployment, site or address: partners need not be known to callers. The provider's
 * own words are passed on only where the client can do something about them.
 */
final class Refusals {
  private static final int OK = 200;
  private static final Duration DRAINING_RETRY = Duration.ofSeconds(1);
  private static final Duration MEMORY_RETRY = Duration.ofSeconds(1);

  private final Call call;
  private final List<Trouble> troubles = new ArrayList<>(1);

  Refusals(Call call) {
    this.call = call;
  }

  /** One provider's words are never told as the failure of another. */
  void remember(Trouble trouble) {
    troubles.add(trouble);
  }

  static Refusal draining() {
    return Refusal.draining(DRAINING_RETRY);
  }

  static Refusal noMemory() {
    return Refusal.noMemoryForAnswer(MEMORY_RETRY);
  }

  Refusal of(NextStep.Forbidden forbidden) {
    if (forbidden.clauses().isEmpty()) {
      return Refusal.unknownModel(call.request().model());
    }
    RuledOut first = forbidden.clauses().getFirst();
    String clauses =
        forbidden.clauses().stream()
            .map(ruledOut -> ruledOut.clause().value())
            .distinct()
            .collect(joining(", "));
    return Refusal.refusedByContract(clauses, first.because());
  }

  Refusal of(NextStep.NoCapacity none) {
    return Refusal.noCapacity(model(), none.retryAfter());
  }

  Refusal of(Admission.Rejected rejected) {
    return switch (rejected.reason()) {
      case REQUEST_RATE_EXCEEDED -> Refusal.rateLimited("requests a minute", rejected.retryAfter());
      case TOKEN_RATE_EXCEEDED -> Refusal.rateLimited("tokens a minute", rejected.retryAfter());
      case TOO_MANY_IN_FLIGHT -> Refusal.rateLimited("requests at once", rejected.retryAfter());
      case QUEUE_FULL, DEADLINE_TOO_NEAR -> Refusal.noCapacity(model(), rejected.retryAfter());
    };
  }

  Refusal of(NextStep.GiveUp giveUp) {
    if (call.journey().failures().isEmpty() && giveUp.failure().kind() == Kind.CONTEXT_TOO_LONG) {
      return ErrorKind.CONTEXT_TOO_LONG.because(
          giveUp.failure().message() + ". Nobody was asked; send less.");
    }
    Refusal refusal = given(giveUp.failure().kind(), behind(giveUp.failure()));
    return giveUp.retryAfter().isZero() ? refusal : refusal.retryAfter(giveUp.retryAfter());
  }

  Refusal deadline() {
    return Refusal.deadline(
        Duration.ofNanos(call.journey().deadlineNanos() - call.journey().arrivedNanos()));
  }

  /**
   * Of an answer that broke off.
   *
   * @param obstacle why nobody could go on with it; null if those who could failed as well, or
   *     there was none
   */
  static Refusal cut(Kind kind, @Nullable Obstacle obstacle) {
    return Refusal.streamCut(
        "the deployment that answered failed ("
            + words(kind)
            + "), and "
            + whyNobodyGoesOn(kind, obstacle));
  }

  private static String whyNobodyGoesOn(Kind kind, @Nullable Obstacle obstacle) {
    if (kind == Kind.REFUSED_BY_FILTER) {
      return "what a content filter refuses is asked of nobody else";
    }
    return obstacle == null ? "no other deployment could go on with it" : obstacle.words();
  }

  /** What the provider said that failed so; null if nobody was asked. */
  private @Nullable Trouble behind(AttemptFailure failure) {
    for (Trouble each : troubles) {
      if (each.failure().equals(failure)) {
        return each;
      }
    }
    return null;
  }

  private Refusal given(Kind kind, @Nullable Trouble trouble) {
    if (trouble != null && trouble.status() == 404 && call.isPinned()) {
      return Refusal.unknownResponse();
    }
    ErrorObject words = trouble == null ? null : trouble.error();
    return switch (kind) {
      case INVALID_REQUEST ->
          inTheProvidersWords(
              isOf(trouble, 422) ? ErrorKind.UNPROCESSABLE : ErrorKind.INVALID_VALUE, words);
      case CONTEXT_TOO_LONG ->
          inTheProvidersWords(
              isOf(trouble, 413) ? ErrorKind.BODY_TOO_LARGE : ErrorKind.CONTEXT_TOO_LONG, words);
      case REFUSED_BY_FILTER -> inTheProvidersWords(ErrorKind.CONTENT_FILTER, words);
      case RATE_LIMITED -> Refusal.atLimit(model());
      case OVERLOADED ->
          allAre(kind) ? Refusal.overloaded(model()) : Refusal.upstreamBroken(attempts());
      case SERVER_ERROR,
          TIMED_OUT,
          UNREACHABLE,
          STREAM_BROKEN,
          STALLED,
          BAD_ANSWER,
          FEWER_CHOICES,
          MISCONFIGURED ->
          Refusal.upstreamBroken(attempts());
      case REST_REFUSED ->
          trouble != null && allAre(kind)
              ? ofThisRequest(trouble)
              : Refusal.upstreamBroken(attempts());
    };
  }

  /** What those who were asked would give to others. */
  private Refusal ofThisRequest(Trouble trouble) {
    if (NotThere.isOfNoRoom(trouble.status())) {
      return Refusal.flexAtLimit(model());
    }
    if (call.request().operation().isOfKept() && trouble.status() == OK) {
      return Refusal.notStreamedAgain();
    }
    return NotThere.isSaidBy(trouble.status())
        ? notThere(trouble.error())
        : Refusal.upstreamBroken(attempts());
  }

  private Refusal notThere(@Nullable ErrorObject words) {
    return words == null
        ? Refusal.notOffered(call.request().operation(), model())
        : inTheProvidersWords(ErrorKind.INVALID_VALUE, words);
  }

  private boolean allAre(Kind kind) {
    return call.journey().failures().stream().allMatch(each -> each.kind() == kind);
  }

  private Refusal inTheProvidersWords(ErrorKind kind, @Nullable ErrorObject words) {
    return words == null
        ? kind.because("the provider refused the request without saying why")
        : new Refusal(kind, words.as(kind), null);
  }

  private static boolean isOf(@Nullable Trouble trouble, int status) {
    return trouble != null && trouble.status() == status;
  }

  private String attempts() {
    String kinds =
        call.journey().failures().stream()
            .map(AttemptFailure::kind)
            .map(Refusals::words)
            .collect(joining(", "));
    return call.journey().failures().size() + " attempt(s) at " + model() + " failed: " + kinds;
  }

  private String model() {
    return call.journey().ask().model().value();
  }

  private static String words(Kind kind) {
    return kind == Kind.FEWER_CHOICES
        ? "fewer choices than were asked for"
        : kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
