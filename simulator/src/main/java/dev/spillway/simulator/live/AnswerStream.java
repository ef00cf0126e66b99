package dev.spillway.simulator.live;

import io.netty.buffer.ByteBuf;

/**
 * An answer as server-sent events, a token an event.
 *
 * <p>While the connection takes no more bytes nothing is written: since a token follows from its
 * position, there is nothing to keep.
 */
final class AnswerStream implements Generation.Answer {
  private final HttpReply reply;
  private final EngineLoop engine;
  private final AnswerPlan plan;
  private final Wording wording;
  private final ShownTokens tokens;

  private int generated;
  private int written;
  private boolean begun;
  private boolean complete;
  private boolean ended;

  /** A stream whose head is sent at once. */
  AnswerStream(HttpReply reply, EngineLoop engine, AnswerPlan plan, Wording wording) {
    this.reply = reply;
    this.engine = engine;
    this.plan = plan;
    this.wording = wording;
    this.tokens = new ShownTokens(plan);
    reply.beginEvents();
  }

  @Override
  public void token(int count) {
    generated = count;
    write();
  }

  @Override
  public void complete() {
    complete = true;
    write();
  }

  @Override
  public void writable() {
    if (generated > 0) {
      write();
      reply.flush();
    }
  }

  @Override
  public AnswerPlan.FinishReason finishReason() {
    return plan.finishReason();
  }

  private void write() {
    if (!begun) {
      begun = true;
      ByteBuf opening = reply.room(wording.eventBytes());
      wording.open(opening);
      reply.events(opening);
    }
    while (written < generated && reply.isWritable()) {
      written++;
      content(tokens.next());
    }
    if (complete && written == generated && !ended) {
      ended = true;
      end();
    }
    engine.flushLater(reply);
  }

  private void content(byte[] shown) {
    if (shown.length > 0) {
      ByteBuf event = reply.room(wording.eventBytes() + shown.length);
      wording.token(shown, event);
      reply.events(event);
    }
  }

  private void end() {
    switch (plan.fault()) {
      case null -> {
        ByteBuf last = reply.room(wording.eventBytes());
        wording.close(generated, last);
        last(last);
      }
      case Fault.ErrorEvent error -> {
        ByteBuf last = reply.room(wording.eventBytes());
        wording.fail(ApiError.simulated(500, null), last);
        last(last);
      }
      case Fault.Cut cut -> reply.reset();
      case Fault.Stall stall -> {}
      case Fault.Status refused -> throw new IllegalStateException("refused, yet answered");
    }
  }

  private void last(ByteBuf events) {
    reply.events(events);
    reply.endEvents();
  }
}
