package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Usage;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.gateway.upstream.Linked;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one exchange that are under way: one, or two while a hedge races; and which of
 * them the client hears.
 *
 * <p>What each took of its deployment is given back exactly once, whichever way it ends: settled,
 * failed or abandoned. Event loop only.
 */
final class RunningAttempts {
  /** An hour: whatever it is, it is no news that would change where the request goes. */
  private static final long ANY_QUEUE_MICROS = 3_600_000_000L;

  private final AttemptOwner owner;
  private final ExchangeSetup setup;
  private final Call call;
  private final Journey journey;
  private final Account account;
  private final Bill bill;
  private final ByteBufAllocator allocator;
  private final List<RunningAttempt> running = new ArrayList<>(2);
  private @Nullable RunningAttempt speaking;

  RunningAttempts(
      AttemptOwner owner,
      ExchangeSetup setup,
      Call call,
      Account account,
      ByteBufAllocator allocator) {
    this.owner = owner;
    this.setup = setup;
    this.call = call;
    this.journey = call.journey();
    this.account = account;
    this.bill = new Bill(call);
    this.allocator = allocator;
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  /** Asks the question of the deployment that the step names. */
  void start(NextStep.Attempt step, Question question) {
    Snapshot decidedUnder = call.inForce().snapshot();
    Deployment deployment = decidedUnder.topology().deployments().get(step.deployment());
    Served served = new Served(deployment.id(), deployment.site().id());
    account.asks(served);
    RunningAttempt attempt =
        new RunningAttempt(
            owner,
            call,
            new AttemptPlan(
                step.number(),
                decidedUnder.upstreams().get(step.deployment()),
                served,
                step.limits(),
                question,
                expectedQueueMicros(step)),
            setup,
            allocator);
    running.add(attempt);
    attempt.start();
  }

  /** One more beside those that are late, if there may be one. */
  void hedge(Question question) {
    dispatcher().hedge(journey, now()).ifPresent(hedge -> start(hedge, question));
  }

  /** It won: what it says is for the client. */
  void firstContent(RunningAttempt winner) {
    abandonAllBut(winner);
    speaking = winner;
    account.firstContent(winner.served(), now());
    dispatcher().firstContent(journey, winner.number(), now());
  }

  /** The client takes bytes again. */
  void resume() {
    if (speaking != null) {
      speaking.resume();
    }
  }

  /** Ends the answer that the client hears, if it is whole but for what ends it; else false. */
  boolean endIfWhole() {
    return speaking != null && speaking.endsIfWhole();
  }

  /** Gives back what a step took that is not carried out. */
  void neverBegan(NextStep.Attempt step) {
    dispatcher().abandoned(journey, step.number(), Bill.NOTHING, now());
  }

  /** It gave a whole answer. */
  void settle(RunningAttempt from, Tokens tokens) {
    running.remove(from);
    account.used(bill.billed(tokens));
    dispatcher().finished(journey, from.number(), bill.used(tokens), from.pauses(), now());
  }

  /** It gave none; whether the client heard the beginning of one. */
  boolean failed(RunningAttempt from, Trouble trouble) {
    boolean spoke = from.equals(speaking);
    if (spoke) {
      speaking = null;
    }
    drop(from);
    account.failed(from.served(), trouble);
    Usage used = bill.failed(from, trouble.failure().kind());
    account.used(from.hasBegun() ? used : Bill.NOTHING); // the client is not billed for trying
    dispatcher().failed(journey, from.number(), trouble.failure(), used, now());
    return spoke;
  }

  private void abandonAllBut(RunningAttempt winner) {
    for (RunningAttempt each : List.copyOf(running)) {
      if (!each.equals(winner)) {
        abandon(each);
      }
    }
  }

  /** Nobody waits for them any more. */
  void abandonAll() {
    List.copyOf(running).forEach(this::abandon);
  }

  private void abandon(RunningAttempt attempt) {
    drop(attempt);
    Usage used = bill.abandoned(attempt);
    account.used(used);
    dispatcher().abandoned(journey, attempt.number(), used, now());
  }

  /** Whatever it still has to say comes too late. */
  private void drop(RunningAttempt attempt) {
    running.remove(attempt);
    attempt.stop();
  }

  /** Of what is booked there, this request aside, at the rate that was learnt. */
  private long expectedQueueMicros(NextStep.Attempt step) {
    int deployment = step.deployment();
    if (!(call.inForce().snapshot().upstreams().get(deployment).place() instanceof Linked)) {
      return 0; // nobody would look at it
    }
    return step.onlyThere()
        ? ANY_QUEUE_MICROS
        : dispatcher().status(deployment, now()).queueMicros(journey.shape().inputTokens());
  }

  private Dispatcher dispatcher() {
    return call.inForce().dispatcher();
  }

  private long now() {
    return setup.nanoClock().getAsLong();
  }
}
