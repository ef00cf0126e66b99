package dev.spillway.gateway.exchange;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;

/**
 * One request, from the door to its last byte.
 *
 * <pre>
 *   start --> stepping --> attempting --first content--> relaying --whole--> ended
 *              ^  ^ |       |  (one, or two: a hedge)       |
 *              |  | +-----> waiting (in line, backing off)  |
 *              |  +-------- failed before content           |
 *              +---- the rest of it is asked for ------- broke off
 *                                                           +-- no rest, client gone --> ended
 * </pre>
 *
 * <p>What: carries out what the {@link Dispatcher} says and tells it what happened; decides nothing
 * itself. What a deployment sends is read by {@link RunningAttempt}; what the client gets goes
 * through {@link Delivery}.
 *
 * <p>Why so: before the first content the client has nothing, not even a status, so any other
 * deployment can still answer in full, and two may race for it. After it, what the client has
 * cannot be taken back: the rest comes from a deployment that can go on from there ({@link
 * BrokenAnswer}), or the client is told, in so many words, that the answer is not whole.
 *
 * <p>Threads: all on the event loop of the client's connection, the attempts too. Hence no lock, no
 * volatile field, no concurrent collection. An attempt that is over says nothing afterwards.
 *
 * <p>Buffers: owns one reference to the request's body until {@link #end}; each attempt gets bytes
 * of its own. Content that comes in is passed on or released before its event returns.
 */
public final class Exchange implements AttemptOwner {
  private final ExchangeSetup setup;
  private final Call call;
  private final Journey journey;
  private final Refusals refusals;
  private final Account account;
  private final Delivery delivery;
  private final Waiting waiting;
  private final Asking asking;
  private final RunningAttempts running;

  private boolean ended;
  private boolean left;

  /** Takes over the call's body. */
  public Exchange(ExchangeSetup setup, Call call, Client client, ByteBufAllocator allocator) {
    this.setup = setup;
    this.call = call;
    this.journey = call.journey();
    this.refusals = new Refusals(call);
    this.account = new Account(call);
    this.delivery = new Delivery(client, account);
    this.waiting = new Waiting(this, setup, call, this::step, this::deadlinePassed);
    this.asking = new Asking(call, setup);
    this.running = new RunningAttempts(this, setup, call, account, allocator);
  }

  /** Lets the request in, or turns it away at the door. */
  public void start() {
    long now = now();
    waiting.begins(now);
    switch (dispatcher().admit(journey, now)) {
      case Admission.Admitted _ -> step();
      case Admission.Rejected rejected -> turnedAway(rejected);
      case Admission.Queued _ -> throw new IllegalStateException("queued at the door");
    }
  }

  /** The client takes bytes again. */
  public void clientWritable() {
    running.resume();
  }

  /** The client left: whatever runs for it stops. */
  public void clientGone() {
    if (!ended) {
      running.abandonAll();
      end(Outcome.ABANDONED);
    }
  }

  /** The hub goes down, and the time is over that open answers had to end. */
  public void endForDrain() {
    interrupt(Refusals.draining());
  }

  Journey journey() {
    return journey;
  }

  EventLoop loop() {
    return setup.loop();
  }

  void carryOut(NextStep step) {
    if (ended && step instanceof NextStep.Attempt attempt) {
      running.neverBegan(attempt); // it ended while this was on its way from the line
    }
    if (!isWanted()) {
      return;
    }
    switch (step) {
      case NextStep.Attempt attempt -> running.start(attempt, asking.question());
      case NextStep.Wait wait -> waiting.until(wait, now());
      case NextStep.Forbidden forbidden -> giveUp(refusals.of(forbidden), Outcome.REFUSED);
      case NextStep.NoCapacity none -> giveUp(refusals.of(none), Outcome.REFUSED);
      case NextStep.OverLimit over -> turnedAway(over.rejection());
      case NextStep.GiveUp giveUp -> nobodyLeft(giveUp);
    }
  }

  void turnedAway(Admission.Rejected rejected) {
    if (isWanted()) {
      giveUp(refusals.of(rejected), Outcome.REFUSED);
    }
  }

  /** Another configuration is in force; it is out of the line. */
  void looksAgain() {
    if (isWanted()) {
      step();
    }
  }

  void leftLine() {
    waiting.isOutOfLine();
    leave();
  }

  /** Whether what it hears from the line still matters; it is out of it. */
  private boolean isWanted() {
    waiting.isOutOfLine();
    if (ended) {
      leave();
    }
    return !ended;
  }

  @Override
  public void firstContent(RunningAttempt from) {
    running.firstContent(from);
    waiting.contentBegins(now());
    delivery.comesFrom(from.passage());
    from.goesTo(delivery);
  }

  @Override
  public void relay(RunningAttempt from, ByteBuf bytes) {
    if (!delivery.relay(bytes, from.type())) {
      from.pause();
    }
  }

  @Override
  public void flush() {
    if (!ended) {
      delivery.flush();
    }
  }

  @Override
  public void streamFinished(RunningAttempt from, Tokens tokens) {
    running.settle(from, tokens);
    delivery.complete();
    end(Outcome.WHOLE);
  }

  @Override
  public void whole(RunningAttempt from, ByteBuf answer, Tokens tokens) {
    running.settle(from, tokens);
    delivery.whole(answer, from.type(), asking.handOver());
    end(Outcome.WHOLE);
  }

  @Override
  public void noRoom(RunningAttempt from) {
    interrupt(Refusals.noMemory());
  }

  @Override
  public void failed(RunningAttempt from, Trouble what) {
    Trouble trouble = asking.told(what);
    refusals.remember(trouble);
    boolean hadBegun = running.failed(from, trouble);
    if (hadBegun || asking.isSpoilt()) {
      brokeOff(from, trouble);
    } else if (running.isEmpty() || trouble.isTheSameElsewhere()) {
      running.abandonAll();
      step();
    }
    setup.line().roomMayBeFree();
  }

  @Override
  public void hedgeDue(RunningAttempt from) {
    if (asking.broken() == null) {
      asking.under(setup.newest().get());
      running.hedge(asking.question());
    }
  }

  private void step() {
    asking.under(setup.newest().get());
    BrokenAnswer answer = asking.broken();
    if (answer != null && asking.isSpoilt()) {
      restIsNobodys(answer); // who could have gone on is there no more
    } else {
      carryOut(dispatcher().next(journey, now()));
    }
  }

  private Dispatcher dispatcher() {
    return call.inForce().dispatcher();
  }

  private void deadlinePassed() {
    interrupt(refusals.deadline());
  }

  /** The client gets no more than it has, whoever might still answer. */
  private void interrupt(Refusal because) {
    if (!ended && !running.endIfWhole()) {
      running.abandonAll();
      giveUp(because, Outcome.FAILED);
    }
  }

  /** Some of the answer came, and then what is none. */
  private void brokeOff(RunningAttempt from, Trouble trouble) {
    BrokenAnswer answer = BrokenAnswer.of(call, from, trouble, asking.broken());
    if (asking.goesOnWith(answer)) {
      account.goesOn();
      step();
    } else {
      restIsNobodys(answer);
    }
  }

  private void restIsNobodys(BrokenAnswer answer) {
    if (delivery.hasBegun()) {
      end(delivery.giveUp(answer.refusal(), Outcome.CUT));
    } else {
      asking.anew(answer);
      step();
    }
  }

  /** Nobody goes on with an answer that broke off: it starts anew, if none of it was shown. */
  private void nobodyLeft(NextStep.GiveUp giveUp) {
    BrokenAnswer answer = asking.broken();
    if (answer == null || delivery.hasBegun()) {
      giveUp(refusals.of(giveUp), Outcome.FAILED);
    } else {
      asking.anew(answer);
      step();
    }
  }

  private void giveUp(Refusal refusal, Outcome outcome) {
    end(delivery.giveUp(delivery.hasBegun() ? asking.firstOf(refusal) : refusal, outcome));
  }

  /** The one way out: nothing is held afterwards, and the record is written once. */
  private void end(Outcome outcome) {
    ended = true;
    boolean inLine = waiting.ends();
    call.body().release();
    if (outcome != Outcome.WHOLE) {
      delivery.chargeForWhatCame();
    }
    asking.over();
    setup.observer().ended(account.close(outcome, now()));
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
      dispatcher().left(journey, now());
      setup.line().roomMayBeFree();
    }
  }

  private long now() {
    return setup.nanoClock().getAsLong();
  }
}
