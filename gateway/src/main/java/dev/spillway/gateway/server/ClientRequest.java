package dev.spillway.gateway.server;

import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.exchange.Exchange;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
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
  /**
   * Of a refused request, a body up to this is read to its end, so that the connection lives on.
   */
  private static final long WORTH_DISCARDING_BYTES = 64 << 10;

  /** Room for a body before any of it came: who only promises one must not be given much. */
  private static final int FIRST_ROOM_BYTES = 8 << 10;

  private final Carrier carrier;
  private final ServerSetup setup;
  private final RequestHead head;
  private final AnswerWriter writer;

  private Stage stage = Stage.READING;
  private @Nullable Snapshot snapshot;
  private Doorkeeper.@Nullable Verdict verdict;
  private @Nullable ByteBuf body;
  private @Nullable Exchange exchange;
  private long bodyBytes;

  ClientRequest(Carrier carrier, ServerSetup setup, RequestHead head) {
    this.carrier = carrier;
    this.setup = setup;
    this.head = head;
    this.writer = new AnswerWriter(this, carrier.context(), setup, head);
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
  void begin(HttpRequest request) {
    Snapshot inForce = setup.snapshot().get();
    snapshot = inForce;
    Doorkeeper.Verdict judged = Doorkeeper.judge(setup, inForce, request, head);
    verdict = judged;
    switch (judged) {
      case Doorkeeper.Verdict.Welcome _ -> welcome(request);
      case Doorkeeper.Verdict.Answered _ -> stage = Stage.DISCARDING;
      case Doorkeeper.Verdict.Turned(var refusal) -> {
        Refusal told = Realtime.isAskedFor(request, refusal) ? Realtime.NOT_SERVED : refusal;
        verdict = new Doorkeeper.Verdict.Turned(told);
        if (isShort(request)) {
          stage = Stage.DISCARDING;
        } else {
          refuseEarly(told);
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

  /** The rest cannot be read, because nobody knows how it is framed. */
  void broken(Refusal refusal) {
    if (stage == Stage.REFUSED) {
      carrier.context().close();
    } else {
      dropBody();
      stage = Stage.SERVING;
      writer.refuse(refusal, null, Carrier.Then.CLOSE);
    }
  }

  /** The time to send it is over, and it {@link #isComing} still. */
  void tooSlow() {
    refuseEarly(
        ErrorKind.REQUEST_TOO_SLOW.because(
            "the request was not complete within " + setup.config().requestWithin()));
  }

  /** The hub goes down and waits no longer. */
  void endForDrain() {
    if (exchange != null) {
      exchange.endForDrain();
    } else if (isComing()) {
      refuseEarly(Doorkeeper.draining());
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

  private void welcome(HttpRequest request) {
    long expected = HttpUtil.getContentLength(request, 1_024L);
    body = carrier.context().alloc().heapBuffer(Math.clamp(expected, 256, FIRST_ROOM_BYTES));
    if (HttpUtil.is100ContinueExpected(request)) {
      writer.goOn();
    }
  }

  private void collect(ByteBuf bytes) {
    ByteBuf collected = Objects.requireNonNull(body, "reading without a body");
    int more = bytes.readableBytes();
    int most = welcome().mostBytes();
    if (collected.readableBytes() + more > most) {
      refuseEarly(Refusal.bodyTooLarge(most));
    } else if (!setup.bodies().tryTake(more)) {
      refuseEarly(Doorkeeper.noMemory());
    } else {
      bodyBytes += more;
      collected.writeBytes(bytes);
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
    Snapshot inForce = Objects.requireNonNull(snapshot, "not judged");
    ByteBuf whole = Objects.requireNonNull(body, "reading without a body");
    body = null;
    stage = Stage.SERVING;
    long now = setup.exchanges().nanoClock().getAsLong();
    Admittance admittance = new Admittance(inForce, head, welcome());
    switch (admittance.read(whole, now, setup.ids().nextDecisionId())) {
      case Admittance.Result.Refused(var refusal) -> {
        whole.release();
        writer.refuse(refusal, null);
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
      case Doorkeeper.Verdict.Turned(var refusal) -> writer.refuse(refusal, null);
      case Doorkeeper.Verdict.Answered(var json) -> writer.json(json);
      case Doorkeeper.Verdict.Welcome _ ->
          throw new IllegalStateException("a welcome request was discarded");
    }
  }

  private void refuseEarly(Refusal refusal) {
    dropBody();
    stage = Stage.REFUSED;
    carrier.answeredEarly(writer.refuseEarly(refusal));
  }

  private static boolean isShort(HttpRequest request) {
    return !HttpUtil.isTransferEncodingChunked(request)
        && HttpUtil.getContentLength(request, 0L) <= WORTH_DISCARDING_BYTES;
  }

  private void over() {
    stage = Stage.OVER;
    exchange = null;
    dropBody();
  }

  /** What an exchange took over is its own; the memory is given back either way. */
  private void dropBody() {
    if (body != null) {
      body.release();
      body = null;
    }
    setup.bodies().giveBack(bodyBytes);
    bodyBytes = 0;
  }
}
