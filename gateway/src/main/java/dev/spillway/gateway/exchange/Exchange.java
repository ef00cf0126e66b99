package dev.spillway.gateway.exchange;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, from the door to its last byte.
 *
 * <pre>
 *   start --> stepping --> attempting --first content--> relaying --> ended
 *              ^    |          |                            |
 *              |    +-> waiting (in line, or backing off)   |
 *              +---- failed before content                  +-- failed, client gone --> ended
 * </pre>
 *
 * <p>What: carries out what the {@link Dispatcher} says and tells it what happened; decides nothing
 * itself. What a deployment sends is read by {@link AttemptAnswer}; what the client gets goes
 * through {@link Client}.
 *
 * <p>Why so: before the first content the client has nothing, not even a status, so any other
 * deployment can still answer in full. After it, the only honest ends are a whole answer and a
 * clear error.
 *
 * <p>Threads: every method runs on the event loop of the client's connection, and the attempts run
 * there too. Hence no lock, no volatile field, no concurrent collection. An attempt that is over is
 * released, and says nothing afterwards.
 *
 * <p>Buffers: owns one reference to the request's body until {@link #end}; each attempt gets bytes
 * of its own. Content that comes in is passed on or released before its event returns.
 */
public final class Exchange implements AttemptAnswer.Owner {
  private static final Duration DRAINING_RETRY = Duration.ofSeconds(1);

  private final ExchangeSetup setup;
  private final Call call;
  private final Client client;
  private final ByteBufAllocator allocator;
  private final Journey journey;
  private final Dispatcher dispatcher;
  private final Refusals refusals;
  private final List<FailedAttempt> failures = new ArrayList<>(1);

  private @Nullable AttemptAnswer attempt;
  private @Nullable Future<?> attemptLimit;
  private @Nullable Future<?> backoff;
  private @Nullable Future<?> deadline;
  private @Nullable Trouble lastTrouble;
  private @Nullable Served served;
  private int number;
  private boolean inLine;
  private boolean hasContent;
  private boolean ended;
  private boolean left;
  private long firstContentNanos = -1;
  private int status = 200;
  private Usage usage = new Usage(0, 0, 0, Usage.Source.ESTIMATED);

  /** Takes over the call's body. */
  public Exchange(ExchangeSetup setup, Call call, Client client, ByteBufAllocator allocator) {
    this.setup = setup;
    this.call = call;
    this.client = client;
    this.allocator = allocator;
    this.journey = call.journey();
    this.dispatcher = call.snapshot().dispatcher();
    this.refusals = new Refusals(call);
  }

  /** Lets the request in, or turns it away at the door. */
  public void start() {
    long untilDeadline = Math.max(0, journey.deadlineNanos() - now());
    deadline = setup.loop().schedule(this::deadlinePassed, untilDeadline, NANOSECONDS);
    switch (dispatcher.admit(journey, now())) {
      case Admission.Admitted _ -> carryOut(dispatcher.next(journey, now()));
      case Admission.Rejected rejected -> turnedAway(rejected);
      case Admission.Queued _ -> throw new IllegalStateException("queued at the door");
    }
  }

  /** The client takes bytes again. */
  public void clientWritable() {
    if (attempt != null) {
      attempt.resume();
    }
  }

  /** The client left: whatever runs for it stops. */
  public void clientGone() {
    if (!ended) {
      abandonAttempt();
      end(Outcome.ABANDONED);
    }
  }

  /** The hub goes down and waits no longer: the client is told, and whatever runs for it stops. */
  public void endForDrain() {
    if (!ended) {
      endWith(Refusal.draining(DRAINING_RETRY));
    }
  }

  Journey journey() {
    return journey;
  }

  EventLoop loop() {
    return setup.loop();
  }

  void carryOut(NextStep step) {
    inLine = false;
    if (ended) {
      // It ended while this step was on its way from the line: give back what the step took.
      if (step instanceof NextStep.Attempt made) {
        dispatcher.abandoned(journey, made.number(), usage, now());
      }
      leave();
      return;
    }
    switch (step) {
      case NextStep.Attempt made -> attempt(made);
      case NextStep.Wait wait -> await(wait);
      case NextStep.Forbidden forbidden -> refuse(refusals.of(forbidden), Outcome.REFUSED);
      case NextStep.NoCapacity none -> refuse(refusals.of(none), Outcome.REFUSED);
      case NextStep.GiveUp giveUp -> refuse(refusals.of(giveUp, lastTrouble), Outcome.FAILED);
    }
  }

  void turnedAway(Admission.Rejected rejected) {
    inLine = false;
    if (ended) {
      leave();
    } else {
      refuse(refusals.of(rejected), Outcome.REFUSED);
    }
  }

  void leftLine() {
    inLine = false;
    leave();
  }

  @Override
  public void firstContent() {
    if (!hasContent) {
      hasContent = true;
      firstContentNanos = now();
      cancel(attemptLimit);
      dispatcher.firstContent(journey, number, firstContentNanos);
      client.begin(labels());
    }
  }

  @Override
  public void relay(ByteBuf bytes) {
    client.write(bytes);
    if (!client.isWritable() && attempt != null) {
      attempt.pause();
    }
  }

  @Override
  public void flush() {
    if (hasContent && !ended) {
      client.flush();
    }
  }

  @Override
  public void streamFinished(Tokens tokens) {
    settle(tokens);
    client.complete();
    end(Outcome.WHOLE);
  }

  @Override
  public void whole(ByteBuf json, Tokens tokens) {
    settle(tokens);
    client.whole(json, labels());
    end(Outcome.WHOLE);
  }

  @Override
  public void failed(Trouble trouble, long contentBytes) {
    stopAttempt();
    lastTrouble = trouble;
    AttemptFailure failure = trouble.failure();
    if (served != null) {
      failures.add(new FailedAttempt(served, failure));
    }
    usage = partial(contentBytes);
    dispatcher.failed(journey, number, failure, usage, now());
    if (hasContent) {
      client.breakOff(Refusals.cut(failure.kind()));
      end(Outcome.CUT);
    } else {
      carryOut(dispatcher.next(journey, now()));
      setup.line().roomMayBeFree();
    }
  }

  private void attempt(NextStep.Attempt made) {
    int to = made.deployment();
    long withinNanos = made.limits().firstContentNanos();
    number = made.number();
    Deployment deployment = call.snapshot().topology().deployments().get(to);
    served = new Served(deployment.id(), deployment.site().id());
    AttemptAnswer answer =
        new AttemptAnswer(this, call, call.snapshot().upstreams().get(to), setup, allocator);
    attempt = answer;
    attemptLimit = setup.loop().schedule(() -> tooLate(answer), withinNanos, NANOSECONDS);
    answer.start();
  }

  private void await(NextStep.Wait wait) {
    switch (wait.where()) {
      case WAITING_ROOM -> {
        inLine = true;
        setup.line().enqueue(this, wait);
      }
      case BACKOFF -> {
        long nanos = Math.max(0, wait.untilNanos() - now());
        backoff = setup.loop().schedule(this::backoffOver, nanos, NANOSECONDS);
      }
    }
  }

  private void backoffOver() {
    backoff = null;
    if (!ended) {
      carryOut(dispatcher.next(journey, now()));
    }
  }

  private void tooLate(AttemptAnswer late) {
    if (late.equals(attempt)) {
      Trouble trouble =
          Trouble.of(AttemptFailure.Kind.TIMED_OUT, "gave no content within its limit");
      failed(trouble, late.contentBytes());
    }
  }

  private void deadlinePassed() {
    if (!ended) {
      endWith(refusals.deadline());
    }
  }

  /** Before content the client gets a status, afterwards an error event. */
  private void endWith(Refusal refusal) {
    abandonAttempt();
    if (hasContent) {
      client.breakOff(refusal);
      end(Outcome.CUT);
    } else {
      refuse(refusal, Outcome.FAILED);
    }
  }

  private void abandonAttempt() {
    if (attempt != null) {
      usage = partial(attempt.contentBytes());
      stopAttempt();
      dispatcher.abandoned(journey, number, usage, now());
    }
  }

  private void settle(Tokens tokens) {
    usage = tokens.usage(journey.shape().inputTokens());
    cancel(attemptLimit);
    attempt = null;
    dispatcher.finished(journey, number, usage, 0, now());
  }

  private Usage partial(long contentBytes) {
    long input = hasContent ? journey.shape().inputTokens() : 0;
    return Tokens.guessed(contentBytes).usage(input);
  }

  private void refuse(Refusal refusal, Outcome outcome) {
    status = refusal.status();
    client.refuse(refusal, new Labels(call.decisionId(), null));
    end(outcome);
  }

  private Labels labels() {
    return new Labels(call.decisionId(), served);
  }

  /** Whatever the attempt still has to say comes too late. */
  private void stopAttempt() {
    cancel(attemptLimit);
    if (attempt != null) {
      attempt.stop();
      attempt = null;
    }
  }

  /** The one way out: nothing is held afterwards, and the record is written once. */
  private void end(Outcome outcome) {
    ended = true;
    stopAttempt();
    cancel(deadline);
    cancel(backoff);
    call.body().release();
    setup.observer().ended(record(outcome));
    if (inLine) {
      setup.line().leave(this);
    } else {
      leave();
    }
  }

  /** Once, and not before the line has let go. */
  private void leave() {
    if (!left) {
      left = true;
      dispatcher.left(journey, now());
      setup.line().roomMayBeFree();
    }
  }

  private RequestRecord record(Outcome outcome) {
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
        now() - arrived,
        failures,
        journey.decisions());
  }

  private long now() {
    return setup.nanoClock().getAsLong();
  }

  private static void cancel(@Nullable Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
