package dev.spillway.core.routing;

import dev.spillway.core.health.Sent;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Usage;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.quota.SentSoFar;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt holds at its deployment, from the decision to its end; and what its end teaches.
 *
 * <p>Holds its own references, so that it is settled where it was made even when the configuration
 * has changed in between. Exactly one of {@link #finished}, {@link #failed} and {@link #abandoned}
 * ends it. Owned by the event loop of its request; what it touches is shared.
 */
public final class Reservation implements Sent {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int TOKENS_THAT_MAKE_A_PACE = 8;

  /** Beyond this share of an answer's time that nobody read it, its pace is its client's. */
  private static final double MOST_UNREAD = 0.05;

  /** Of an answer whose first token was not seen when it was made. */
  private static final double NO_INFLATION = 1;

  private final LiveDeployment at;
  private final RoutingRequest request;
  private final double predictedMillis;
  private final double saturationAtTake;
  private final double pendingAhead;
  private final double batch;
  private final boolean probe;
  private final long sentNanos;
  private final SentSoFar sent;
  private final int rotationChanges;

  /** When its prompt is expected to have been read, if its first token will not be seen. */
  private final long unseenReadAtNanos;

  private long firstContentNanos;
  private boolean hasContent;
  private boolean countedAsAnswered;
  private boolean taughtRoom;
  private boolean ended;

  Reservation(
      LiveDeployment at,
      RoutingRequest request,
      double predictedMillis,
      double saturationAtTake,
      boolean probe,
      long nowNanos) {
    this.at = at;
    this.request = request;
    this.predictedMillis = predictedMillis;
    this.saturationAtTake = saturationAtTake;
    this.pendingAhead = at.pendingPerReplica(nowNanos);
    this.batch = at.batch();
    this.probe = probe;
    this.sentNanos = nowNanos;
    this.sent = at.parts().sent(nowNanos);
    this.rotationChanges = at.parts().rotation.changes();
    if (request.streamed()) {
      at.parts().load.sentSeen(input());
      this.unseenReadAtNanos = nowNanos;
    } else {
      this.unseenReadAtNanos = at.parts().load.sentUnseen(input(), at.readingRate(), nowNanos);
    }
    at.parts().changed();
  }

  /** Where it is made. */
  public LiveDeployment at() {
    return at;
  }

  /** What it was made for. */
  public RoutingRequest request() {
    return request;
  }

  @Override
  public boolean isProbe() {
    return probe;
  }

  /** When it was decided, on the monotonic clock. */
  @Override
  public long sentNanos() {
    return sentNanos;
  }

  /** When its first token was expected, milliseconds from then. */
  public double predictedMillis() {
    return predictedMillis;
  }

  /** When the first content came, on the monotonic clock; means nothing before it did. */
  public long firstContentNanos() {
    return firstContentNanos;
  }

  /** Whether content came. */
  public boolean hasContent() {
    return hasContent;
  }

  /** It was taken, and with its answer the provider stated what it could still take then. */
  public void stated(StatedCapacity what, long nowNanos) {
    at.parts().stated(what, sent, nowNanos);
  }

  /** The first content token is here. */
  public void firstContent(long nowNanos) {
    if (hasContent || ended) {
      return;
    }
    hasContent = true;
    firstContentNanos = nowNanos;
    accepted(nowNanos);
    if (request.streamed()) {
      at.parts().load.read(input());
      if (request.effort().answersAtOnce()) {
        learnFirstToken(nowNanos);
      } else {
        learnRoom(NO_INFLATION, nowNanos); // it was thinking: what that took says nothing of load
      }
      at.patience().began(request.effort(), predictedMillis, elapsedMillis(nowNanos));
    }
    at.parts().changed();
  }

  /**
   * A whole answer came.
   *
   * @param pauses when nothing came of it
   */
  public void finished(Usage usage, Pauses pauses, long nowNanos) {
    long output = usage.outputTokens();
    if (hasContent && request.streamed() && output >= TOKENS_THAT_MAKE_A_PACE) {
      learnPace(output, pauses, nowNanos);
    } else if (!hasContent && output == 0 && request.isOnlyRead()) {
      learnFirstToken(nowNanos); // reading was all there was to do
    }
    learnRoom(NO_INFLATION, nowNanos);
    accepted(nowNanos);
    at.parts().sessions.remember(request.affinity());
    if (request.streamed()) {
      at.patience().flowed(request.effort(), pauses.longestGapNanos());
    }
    end(usage, nowNanos);
  }

  /**
   * It failed.
   *
   * @param usage what it used all the same
   * @param refusalsBefore how often its request was refused here before because it was full
   */
  public void failed(AttemptFailure failure, Usage usage, int refusalsBefore, long nowNanos) {
    end(usage, nowNanos);
    if (request.streamed()) {
      learnPatience(failure.kind(), nowNanos);
    }
    switch (failure.kind()) {
      case RATE_LIMITED -> refused(failure.retryAfter(), refusalsBefore, nowNanos);
      case UNREACHABLE -> at.parts().breaker.unreachable(this, nowNanos);
      case OVERLOADED, SERVER_ERROR, TIMED_OUT, STREAM_BROKEN, STALLED, BAD_ANSWER -> {
        blamed(nowNanos);
        if (failure.retryAfter() != null) {
          at.leaveAloneWhileIll(failure.retryAfter().toNanos(), nowNanos);
        }
      }
      case INVALID_REQUEST, CONTEXT_TOO_LONG, REST_REFUSED, FEWER_CHOICES, REFUSED_BY_FILTER ->
          accepted(nowNanos);
      case MISCONFIGURED -> {
        at.parts().rotation.refused(request.operation(), rotationChanges, nowNanos);
        answered(nowNanos);
      }
    }
    at.parts().changed();
  }

  /** It was full: that is no illness, and over when the time is that it asked for. */
  private void refused(@Nullable Duration retryAfter, int refusalsBefore, long nowNanos) {
    long wait =
        retryAfter == null
            ? at.parts().refusals.refused(sentNanos, refusalsBefore, request.number(), nowNanos)
            : Math.max(0, retryAfter.toNanos());
    at.parts().headroom.refused(sentNanos, wait, nowNanos);
    at.leaveAlone(nowNanos + wait);
    answered(nowNanos);
  }

  /** It takes our requests, whatever it made of this one. */
  private void accepted(long nowNanos) {
    answered(nowNanos);
    at.parts().refusals.accepted(sentNanos);
    at.parts().rotation.answered(request.operation(), sentNanos);
  }

  /** Once: an attempt is one, though its first content and its end both say that it is well. */
  private void answered(long nowNanos) {
    if (!countedAsAnswered) {
      countedAsAnswered = true;
      at.parts().breaker.answered(this, nowNanos);
    }
  }

  private void blamed(long nowNanos) {
    if (countedAsAnswered) {
      at.parts().breaker.broke(this, nowNanos);
    } else {
      at.parts().breaker.failed(this, nowNanos);
    }
  }

  /** The client left. */
  public void abandoned(Usage usage, long nowNanos) {
    if (!hasContent) {
      at.parts().breaker.learntNothing(this, nowNanos);
    }
    end(usage, nowNanos);
  }

  /** Another attempt of the same request was faster. */
  public void lost(Usage usage, long nowNanos) {
    if (!hasContent) {
      at.patience().nothingCame(request.effort(), predictedMillis, elapsedMillis(nowNanos));
    }
    abandoned(usage, nowNanos);
  }

  /** Of one that took too long; whatever the limit was, longer was seen. */
  private void learnPatience(AttemptFailure.Kind kind, long nowNanos) {
    if (kind == AttemptFailure.Kind.STALLED) {
      at.patience().fellSilent(request.effort());
    } else if (kind == AttemptFailure.Kind.TIMED_OUT && !hasContent) {
      at.patience().nothingCame(request.effort(), predictedMillis, elapsedMillis(nowNanos));
    }
  }

  private double elapsedMillis(long nowNanos) {
    return (nowNanos - sentNanos) / NANOS_PER_MILLI;
  }

  private void learnPace(long output, Pauses pauses, long nowNanos) {
    double nanos = (double) (nowNanos - firstContentNanos);
    if (pauses.unreadNanos() <= MOST_UNREAD * nanos) {
      double pace = nanos / NANOS_PER_MILLI / (output - 1);
      at.parts().decode.observe((batch + at.batch()) / 2, pace);
    }
  }

  private void learnFirstToken(long nowNanos) {
    double millis = elapsedMillis(nowNanos);
    double withoutLoad = at.roundTripMillis() + at.prefillMillis(input());
    learnRoom(millis / Math.max(1, withoutLoad), nowNanos);
    at.parts()
        .firstToken
        .observe(input(), pendingAhead, batch, Math.max(0, millis - at.roundTripMillis()));
  }

  /** It took this one, which tells of its room; once, whatever else comes of it. */
  private void learnRoom(double inflation, long nowNanos) {
    if (!taughtRoom) {
      taughtRoom = true;
      at.parts().headroom.accepted(request.demand(), saturationAtTake, inflation, nowNanos);
    }
  }

  private void end(Usage usage, long nowNanos) {
    if (ended) {
      throw new IllegalStateException("an attempt at " + at.deployment().id() + " ended twice");
    }
    ended = true;
    if (!request.streamed()) {
      at.parts().load.endedUnseen(input(), unseenReadAtNanos, at.readingRate(), nowNanos);
    } else if (!hasContent) {
      at.parts().load.read(input());
    }
    long uncached = Math.max(0, usage.inputTokens() - usage.cachedTokens());
    Demand used = new Demand(uncached, usage.outputTokens());
    at.parts().headroom.giveBack(request.demand(), used, nowNanos);
    at.parts().load.ended(nowNanos - sentNanos);
    at.parts().changed();
  }

  private long input() {
    return request.demand().inputTokens();
  }
}
