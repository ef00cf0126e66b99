package dev.spillway.gateway.server;

import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.exchange.Exchange;
import dev.spillway.gateway.timing.TimeLimit;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: requests in, one at a time, answers out.
 *
 * <pre>
 *   idle --head--> reading --last content--> serving --answered--> idle
 *                     |                         ^
 *                     +--refused--> discarding -+--> closed
 * </pre>
 *
 * <p>A request that comes while another is served (pipelining) waits with reading off; it never
 * overtakes. Whoever may not come in is told so at its head: its body is neither kept nor paid for.
 *
 * <p>Event loop only. Owns the body that it collects until an exchange takes it over.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  /** Objects of later requests that are kept; reading goes on until then, to see the client go. */
  private static final int MOST_PIPELINED = 32;

  /**
   * Of a refused request, a body up to this is read to its end, so that the connection lives on.
   */
  private static final long WORTH_DISCARDING_BYTES = 64 << 10;

  /** Room for a body before any of it came: who only promises one must not be given much. */
  private static final int FIRST_ROOM_BYTES = 8 << 10;

  private static final Duration LINGER = Duration.ofSeconds(1);

  private final ServerSetup setup;
  private final Deque<HttpObject> pipelined = new ArrayDeque<>();

  private State state = State.IDLE;
  private @Nullable ChannelHandlerContext context;
  private @Nullable TimeLimit limit;
  private @Nullable Incoming incoming;
  private @Nullable AnswerWriter writer;
  private @Nullable Exchange exchange;
  private @Nullable Runnable afterBody;
  private long bodyBytes;

  ClientConnection(ServerSetup setup) {
    this.setup = setup;
  }

  private enum State {
    IDLE,
    READING,
    SERVING,
    /** Refused; what still comes of its body is thrown away. */
    DISCARDING,
    CLOSED
  }

  /** A request whose body is being read. */
  private record Incoming(
      Snapshot snapshot, RequestHead head, RequestPath.Inference path, Grant grant, ByteBuf body) {}

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    limit = new TimeLimit(ctx.executor(), this::tooSlow);
    limit.within(setup.config().idleWithin());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject object = (HttpObject) message;
    if (state == State.SERVING) {
      pipelined.add(object);
      if (pipelined.size() >= MOST_PIPELINED) {
        ctx.channel().config().setAutoRead(false);
      }
    } else {
      read(object);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && exchange != null) {
      exchange.clientWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.NOW && state == State.IDLE) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange leaving = exchange;
    exchange = null;
    becomeClosed();
    if (leaving != null) {
      leaving.clientGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  /** The answer is on its way; the connection is free, or closes. */
  void answered(AnswerWriter.Then then) {
    exchange = null;
    giveBackBody();
    if (then == AnswerWriter.Then.CLOSE || state == State.CLOSED) {
      becomeClosed();
      return;
    }
    state = State.IDLE;
    limit().within(setup.config().idleWithin());
    while (state != State.SERVING && state != State.CLOSED && !pipelined.isEmpty()) {
      read(pipelined.removeFirst());
    }
    if (state != State.SERVING && state != State.CLOSED) {
      context().channel().config().setAutoRead(true);
    }
  }

  private void read(HttpObject object) {
    try {
      if (state == State.CLOSED) {
        return;
      }
      if (!object.decoderResult().isSuccess()) {
        notHttp(object.decoderResult().cause());
        return;
      }
      if (object instanceof HttpRequest request) {
        head(request);
      }
      if (object instanceof HttpContent content) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(object);
    }
  }

  private void head(HttpRequest request) {
    limit().within(setup.config().requestWithin());
    RequestHead head = RequestHead.of(request, setup.ids().nextRequestId());
    writer = new AnswerWriter(this, context(), setup, head);
    Snapshot snapshot = setup.snapshot().get();
    switch (Doorkeeper.judge(setup, snapshot, request, head)) {
      case Doorkeeper.Verdict.Turned(var refusal) when isShort(request) ->
          discard(() -> writer().refuse(refusal, null));
      case Doorkeeper.Verdict.Turned(var refusal) -> refuseAndClose(refusal);
      case Doorkeeper.Verdict.Answered(var json) -> discard(() -> writer().json(json));
      case Doorkeeper.Verdict.Welcome(var path, var grant) -> {
        state = State.READING;
        long expected = HttpUtil.getContentLength(request, 1_024L);
        ByteBuf body = context().alloc().heapBuffer(Math.clamp(expected, 256, FIRST_ROOM_BYTES));
        incoming = new Incoming(snapshot, head, path, grant, body);
        if (HttpUtil.is100ContinueExpected(request)) {
          writer().goOn();
        }
      }
    }
  }

  private void content(HttpContent content) {
    Incoming current = incoming;
    if (state == State.READING && current != null) {
      collect(current, content.content());
    }
    if (content instanceof LastHttpContent) {
      bodyOver();
    }
  }

  private void collect(Incoming current, ByteBuf bytes) {
    int more = bytes.readableBytes();
    if (current.body().readableBytes() + more > setup.config().maxBodyBytes()) {
      refuseAndClose(Refusal.bodyTooLarge(setup.config().maxBodyBytes()));
    } else if (!setup.bodies().tryTake(more)) {
      refuseAndClose(Doorkeeper.noMemory());
    } else {
      bodyBytes += more;
      current.body().writeBytes(bytes);
    }
  }

  private void bodyOver() {
    switch (state) {
      case READING -> serve();
      case DISCARDING -> discarded();
      case IDLE, SERVING, CLOSED -> {}
    }
  }

  private void serve() {
    Incoming current = Objects.requireNonNull(incoming, "reading without a request");
    incoming = null;
    limit().none();
    long now = setup.exchanges().nanoClock().getAsLong();
    Admittance admittance = new Admittance(current.snapshot(), current.head(), current.grant());
    switch (admittance.read(current.path(), current.body(), now, setup.ids().nextDecisionId())) {
      case Admittance.Result.Refused(var refusal) -> {
        current.body().release();
        state = State.SERVING;
        writer().refuse(refusal, null);
      }
      case Admittance.Result.Ready(var call) -> {
        state = State.SERVING;
        exchange = new Exchange(setup.exchanges(), call, writer(), context().alloc());
        exchange.start();
      }
    }
  }

  /** Reads a refused request to its end, then answers. */
  private void discard(Runnable answer) {
    state = State.DISCARDING;
    afterBody = answer;
  }

  private void discarded() {
    state = State.SERVING;
    limit().none();
    if (afterBody == null) {
      context().close();
    } else {
      Runnable answer = afterBody;
      afterBody = null;
      answer.run();
    }
  }

  /**
   * Says no at once. What still comes is thrown away for a moment before the connection closes: to
   * close while bytes arrive would reset it, and the client might never read why.
   */
  private void refuseAndClose(Refusal refusal) {
    dropIncoming();
    state = State.DISCARDING;
    afterBody = null;
    limit().within(LINGER);
    writer().refuseAndClose(refusal);
  }

  private void notHttp(@Nullable Throwable cause) {
    if (state == State.DISCARDING) {
      // It was answered already.
      context().close();
      return;
    }
    RequestHead head = RequestHead.unreadable(setup.ids().nextRequestId());
    dropIncoming();
    state = State.SERVING;
    writer = new AnswerWriter(this, context(), setup, head);
    Refusal refusal =
        cause instanceof TooLongFrameException
            ? Refusal.headersTooLarge(setup.config().maxHeaderBytes())
            : ErrorKind.BAD_REQUEST.because("the request is not well-framed HTTP/1.1");
    writer.refuse(refusal, null);
  }

  private void tooSlow() {
    if (state == State.READING) {
      refuseAndClose(
          ErrorKind.REQUEST_TOO_SLOW.because(
              "the request was not complete within " + setup.config().requestWithin()));
    } else {
      context().close();
    }
  }

  private static boolean isShort(HttpRequest request) {
    return !HttpUtil.isTransferEncodingChunked(request)
        && HttpUtil.getContentLength(request, 0L) <= WORTH_DISCARDING_BYTES;
  }

  private void becomeClosed() {
    state = State.CLOSED;
    limit().end();
    dropIncoming();
    giveBackBody();
    pipelined.forEach(ReferenceCountUtil::release);
    pipelined.clear();
  }

  private void dropIncoming() {
    if (incoming != null) {
      incoming.body().release();
      incoming = null;
      giveBackBody();
    }
  }

  private void giveBackBody() {
    setup.bodies().giveBack(bodyBytes);
    bodyBytes = 0;
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  private TimeLimit limit() {
    return Objects.requireNonNull(limit, "not in a pipeline yet");
  }

  private AnswerWriter writer() {
    return Objects.requireNonNull(writer, "no request to answer");
  }
}
