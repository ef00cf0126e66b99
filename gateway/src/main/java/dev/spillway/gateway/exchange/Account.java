package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.chat.AnswerType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a request at its end, gathered on the way. */
final class Account {
  private static final int OK = 200;

  private final Call call;
  private final List<FailedAttempt> failures = new ArrayList<>(1);

  private @Nullable Served served;
  private long firstContentNanos = -1;
  private int continuations;
  private int status = OK;
  private Usage usage = new Usage(0, 0, 0, Usage.Source.ESTIMATED);

  Account(Call call) {
    this.call = call;
  }

  /** Who is asked, and answers unless the attempt fails. */
  void asks(Served whom) {
    served = whom;
  }

  void failed(Served at, Trouble trouble) {
    failures.add(new FailedAttempt(at, trouble.failure()));
  }

  void firstContent(Served from, long nowNanos) {
    served = from;
    if (firstContentNanos < 0) {
      firstContentNanos = nowNanos;
    }
  }

  /** The rest is asked of somebody. */
  void goesOn() {
    continuations++;
  }

  /** What the client is billed, or would be if it had not left. */
  void used(Usage tokens) {
    usage = tokens;
  }

  void refused(int withStatus) {
    status = withStatus;
  }

  Labels labels(AnswerType type) {
    return new Labels(call.decisionId(), served, type);
  }

  /** Of an answer that nobody gave. */
  Labels labelsOfRefusal() {
    return Labels.ofError(call.decisionId());
  }

  RequestRecord close(Outcome outcome, long nowNanos) {
    Journey journey = call.journey();
    long arrived = journey.arrivedNanos();
    return new RequestRecord(
        call.requestId(),
        call.decisionId(),
        call.at(),
        journey.tenant().id(),
        journey.ask().workload(),
        journey.ask().model(),
        call.request().operation().path(),
        served,
        outcome,
        status,
        usage,
        firstContentNanos < 0 ? -1 : firstContentNanos - arrived,
        nowNanos - arrived,
        failures,
        continuations,
        journey.decisions());
  }
}
