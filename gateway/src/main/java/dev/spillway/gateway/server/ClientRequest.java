package dev.spillway.gateway.server;

import dev.spillway.core.admission.MemoryBudget;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.exchange.Exchange;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request, whichever protocol carries it: its head judged, its body collected within the
 * budget, served, answered.
 *
 * <pre>
 *   reading --last content--> serving --answered--> over
 *      |                         ^
 *      +--turned--> discarding --+
 *      +--refused early--> refused (the rest is thrown away until the carrier closes)
 * </pre>
 *
 * <p>Whoever may not come in is told so at the head: its body is neither kept nor paid for.
 *
 * <p>Event loop only. Owns the body that it collects until an exchange takes it over.
 */
final class ClientRequest {
  private final Carrier carrier;
  private final ServerSetup setup;
  private final RequestHead head;
  private final AnswerWriter writer;
  private final BodyReading reading;

  private Stage stage = Stage.READING;
  private @Nullable Snapshot snapshot;
  private Doorkeeper.@Nullable Verdict verdict;
  private @Nullable IncomingBody body;
  private @Nullable Exchange exchange;
  private boolean mustEnd;

  ClientRequest(Carrier carrier, ServerSetup setup, RequestHead head) {
    this.carrier = carrier;
    this.setup = setup;
    this.head = head;
    this.writer = new AnswerWriter(this, carrier, setup, head);
    this.reading = new BodyReading(carrier.context(), setup.exchanges().longBodies());
  }

  private enum Stage {
    READING,
    /** Its answer is known; the little that still comes is thrown away first. */
    DISCARDING,
    SERVING,
    /** Answered while it still comes. */
    REFUSED,
    OVER
  }

  /** Judges the head; contents follow. */
  void begin() {
    Snapshot inForce = setup.snapshot().get();
    snapshot = inForce;
    Doorkeeper.Verdict judged = Doorkeeper.judge(setup, inForce, head, carrier.lastKey());
    verdict = judged;
    switch (judged) {
      case Doorkeeper.Verdict.Welcome _ -> welcomed();
      case Doorkeeper.Verdict.Answered _, Doorkeeper.Verdict.PageMayAsk _ -> discard();
      case Doorkeeper.Verdict.Turned(var refusal) -> {
        if (IncomingBody.isWorthDiscarding(head)) {
          stage = Stage.DISCARDING;
        } else {
          refuseEarly(refusal);
        }
      }
    }
  }

  /** The next piece of the body; the reference stays the caller's. */
  void content(HttpContent content) {
    if (stage == Stage.READING) {
      collect(content.content());
    }
    if (content instanceof LastHttpContent) {
      bodyOver();
    }
  }

  /** Whether its answer is being made or sent; nothing may overtake it. */
  boolean isServing() {
    return stage == Stage.SERVING;
  }

  /** Whether it is waited for. */
  boolean isComing() {
    return stage == Stage.READING || stage == Stage.DISCARDING;
  }

  /** The client takes bytes again. */
  void writable() {
    if (exchange != null) {
      exchange.clientWritable();
    }
  }

  /**
   * It is served, and its client ended its side: if that has left, this makes its system say so.
   */
  void knock() {
    writer.knock();
  }

  /** The rest cannot be read, because nobody knows how it is framed. */
  void broken(Refusal refusal) {
    if (stage != Stage.REFUSED) {
      refuseEarly(refusal);
    }
  }

  /** Something of it failed in the hub: says so as far as it still can, and ends it. */
  void failed() {
    try {
      sayThatItFailed();
    } catch (RuntimeException e) {
      carrier.context().close(); // nobody would wait for it any more
      throw e;
    }
  }

  /** How much longer it may take for what came of its body since this was asked last. */
  long earnedNanos() {
    return body == null ? 0 : body.earnedNanos();
  }

  /** The time to send it is over, and it {@link #isComing} still. */
  void tooSlow() {
    refuseEarly(Doorkeeper.tooSlow(setup.config().requestWithin()));
  }

  /** The hub goes down and waits no longer. */
  void endForDrain() {
    if (exchange != null) {
      exchange.endForDrain();
    } else if (isComing()) {
      refuseEarly(Doorkeeper.draining());
    } else {
      mustEnd = reading.isElsewhere();
    }
  }

  /** The client left. */
  void gone() {
    Exchange leaving = exchange;
    over();
    if (leaving != null) {
      leaving.clientGone();
    }
  }

  /** The last of the answer is written. */
  void answered(ChannelFuture written, Carrier.Then then) {
    over();
    carrier.answered(written, then);
  }

  /** Some of the answer is written, and no more of it comes. */
  void cut() {
    over();
    carrier.cut();
  }

  private void welcomed() {
    long expected = head.bodyBytes() < 0 ? welcome().mostBytes() : head.bodyBytes();
    MemoryBudget.Part budget = setup.bodies().of(welcome().grant().tenant().id());
    body = new IncomingBody(carrier.context().alloc(), budget, expected);
    writer.goOnIfAsked();
  }

  private void discard() {
    stage = Stage.DISCARDING;
    writer.goOnIfAsked();
  }

  private void collect(ByteBuf bytes) {
    int most = welcome().mostBytes();
    if (bytes.readableBytes() > most - body().length()) {
      refuseEarly(Refusal.bodyTooLarge(most));
    } else if (!body().add(bytes)) {
      setup.bodies().refuse();
      refuseEarly(Doorkeeper.noMemory());
    }
  }

  private void bodyOver() {
    switch (stage) {
      case READING -> {
        carrier.received();
        serve();
      }
      case DISCARDING -> {
        carrier.received();
        answerKnown();
      }
      case REFUSED -> carrier.context().close();
      case SERVING, OVER -> {}
    }
  }

  private void serve() {
    ByteBuf whole = body().take();
    stage = Stage.SERVING;
    long now = setup.exchanges().nanoClock().getAsLong();
    String decisionId = setup.ids().nextDecisionId();
    Snapshot inForce = Objects.requireNonNull(snapshot, "not judged");
    Admittance admittance = new Admittance(inForce, head, welcome());
    if (!reading.read(whole, () -> admittance.read(whole, now, decisionId), this::read)) {
      writer.turnAway(Doorkeeper.tooManyLongBodies());
    }
  }

  private void read(ByteBuf whole, Admittance.Result result) {
    if (stage == Stage.OVER) {
      whole.release();
      dropBody();
    } else if (mustEnd) {
      whole.release();
      writer.turnAway(Doorkeeper.draining());
    } else {
      goOn(whole, result);
    }
  }

  private void goOn(ByteBuf whole, Admittance.Result result) {
    switch (result) {
      case Admittance.Result.Refused(var refusal) -> {
        whole.release();
        writer.turnAway(refusal);
      }
      case Admittance.Result.Failed(var cause) -> {
        whole.release();
        carrier.context().pipeline().fireExceptionCaught(cause);
      }
      case Admittance.Result.Ready(var call) -> {
        exchange = new Exchange(setup.exchanges(), call, writer, carrier.context().alloc());
        exchange.start();
      }
    }
  }

  private Doorkeeper.Verdict.Welcome welcome() {
    return (Doorkeeper.Verdict.Welcome) Objects.requireNonNull(verdict, "not judged");
  }

  private void answerKnown() {
    stage = Stage.SERVING;
    switch (Objects.requireNonNull(verdict, "not judged")) {
      case Doorkeeper.Verdict.Turned(var refusal) -> writer.turnAway(refusal);
      case Doorkeeper.Verdict.Answered(var json) -> writer.json(json);
      case Doorkeeper.Verdict.PageMayAsk(var what) -> writer.pageMayAsk(what);
      case Doorkeeper.Verdict.Welcome _ ->
          throw new IllegalStateException("a welcome request was discarded");
    }
  }

  private void refuseEarly(Refusal refusal) {
    dropBody();
    ChannelFuture written = writer.turnAwayEarly(refusal);
    stage = Stage.REFUSED;
    carrier.answeredEarly(written);
  }

  private void sayThatItFailed() {
    switch (stage) {
      case READING, DISCARDING -> refuseEarly(Doorkeeper.failed());
      case SERVING -> {
        gone(); // for its exchange, which gives back what it has and says nothing more
        writer.fail(Doorkeeper.failed());
      }
      case REFUSED, OVER -> {} // it has its answer
    }
  }

  private void over() {
    stage = Stage.OVER;
    exchange = null;
    if (!reading.isElsewhere()) {
      dropBody();
    }
  }

  /** What an exchange took over is its own; the memory is given back either way. */
  private void dropBody() {
    if (body != null) {
      body.drop();
      body = null;
    }
  }

  private IncomingBody body() {
    return Objects.requireNonNull(body, "reading without a body");
  }
}
