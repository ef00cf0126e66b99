package dev.spillway.gateway.server;

import dev.spillway.gateway.auth.LastKey;
import dev.spillway.gateway.timing.TimeLimit;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection of HTTP/1.1: requests in, one at a time, answers out.
 *
 * <p>A request that comes while another is served (pipelining) waits with reading off; it never
 * overtakes. Nor is one begun while the client does not take the answers that it has.
 *
 * <p>A client may end its side and still take answers (RFC 9112, 9.6, leaves that to us). One that
 * left altogether looks the same, until something is sent to it: its system answers by a reset.
 *
 * <p>Event loop only.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements Carrier {
  /** Objects of later requests that are kept; reading goes on until then, to see the client go. */
  private static final int MOST_PIPELINED = 32;

  private static final Duration LINGER = Duration.ofSeconds(1);

  private final ServerSetup setup;
  private final StrictRequestDecoder decoder;
  private final @Nullable StraightPath straight;
  private final LastKey lastKey = new LastKey();
  private final Deque<HttpObject> pipelined = new ArrayDeque<>();

  private @Nullable ChannelHandlerContext context;
  private @Nullable TimeLimit limit;
  private @Nullable ClientRequest request;
  private boolean headBegan;
  private boolean takesInterim;
  private boolean takingUp;
  private boolean sendsNoMore;
  private boolean closing;

  /**
   * Serves what a decoder reads.
   *
   * @param decoder stands before this in the pipeline
   * @param straight to its client, past the pipeline; null if there is no such way
   */
  Http1Connection(
      ServerSetup setup, StrictRequestDecoder decoder, @Nullable StraightPath straight) {
    this.setup = setup;
    this.decoder = decoder;
    this.straight = straight;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    limit = new TimeLimit(ctx.executor(), this::tooSlow);
    limit.within(setup.config().idleWithin());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject object = (HttpObject) message;
    if (!closing && (mustWait() || !pipelined.isEmpty())) {
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
    if (request == null && !closing && !headBegan && decoder.isWithinHead()) {
      headBegan = true;
      limit().within(setup.config().requestWithin());
    }
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      if (request == null) {
        takeUpPipelined();
      } else {
        request.writable();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Drain phase) {
      switch (phase) {
        case REFUSE -> {}
        case CLOSE_IDLE -> closeIfIdle();
        case END -> end();
      }
    } else if (event instanceof ChannelInputShutdownEvent) {
      sendsNoMore();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    limit().end();
    ClientRequest left = request;
    request = null;
    if (left != null) {
      left.gone();
    }
    forgetPipelined();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  @Override
  public @Nullable StraightPath straight() {
    return straight;
  }

  @Override
  public LastKey lastKey() {
    return lastKey;
  }

  @Override
  public void received() {
    limit().none();
  }

  @Override
  public void answered(ChannelFuture written, Then then) {
    request = null;
    // Also the time a client has to take an answer that nothing more follows.
    limit().within(setup.config().idleWithin());
    if (then == Then.CLOSE || closing || (sendsNoMore && pipelined.isEmpty())) {
      closing = true;
      forgetPipelined();
      written.addListener(ChannelFutureListener.CLOSE);
    } else {
      takeUpPipelined();
    }
  }

  /**
   * What still comes is thrown away for a moment before the connection closes: to close while bytes
   * arrive would reset it, and the client might never read why.
   */
  @Override
  public void answeredEarly(ChannelFuture written) {
    limit().within(LINGER);
  }

  /**
   * Its last chunk never comes. Whoever knows no chunks takes what has come for all of it, unless
   * its connection breaks.
   */
  @Override
  public void cut() {
    request = null;
    limit().within(setup.config().idleWithin());
    forgetPipelined();
    if (takesInterim) {
      closeWhenWritten();
    } else {
      reset();
    }
  }

  /** Whoever is answered in here comes by again: a thousand requests are a loop, and no stack. */
  private void takeUpPipelined() {
    if (takingUp) {
      return;
    }
    takingUp = true;
    try {
      while (!closing && !mustWait() && !pipelined.isEmpty()) {
        read(pipelined.removeFirst());
      }
    } finally {
      takingUp = false;
    }
    if (!closing && !mustWait()) {
      readOn();
    }
  }

  private void readOn() {
    if (sendsNoMore) {
      closeWhenWritten();
    } else {
      context().channel().config().setAutoRead(true);
    }
  }

  private void sendsNoMore() {
    sendsNoMore = true;
    context().channel().config().setAutoRead(false);
    if (closing) {
      return;
    }
    if (isServing()) {
      if (takesInterim) {
        request().knock();
        HalfClosing.closeWhenReset(context().channel());
      } else {
        context().close();
      }
    } else if (request != null) {
      context().close();
    } else if (pipelined.isEmpty()) {
      closeWhenWritten();
    }
  }

  private void read(HttpObject object) {
    try {
      if (closing) {
        return;
      }
      if (!object.decoderResult().isSuccess()) {
        notHttp(object.decoderResult().cause());
        return;
      }
      if (object instanceof HttpRequest head) {
        if (!namesOneHost(head)) {
          refuse(ErrorKind.BAD_REQUEST.because("an HTTP/1.1 request has one Host header"));
          return;
        }
        begin(head);
      }
      if (object instanceof HttpContent content && request != null) {
        request.content(content);
      }
    } finally {
      ReferenceCountUtil.release(object);
    }
  }

  private void begin(HttpRequest head) {
    if (!headBegan) {
      limit().within(setup.config().requestWithin());
    }
    headBegan = false;
    decoder.headRead();
    takesInterim = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    request = new ClientRequest(this, setup, RequestHead.of(head, setup.ids().nextRequestId()));
    request.begin(head);
  }

  private void notHttp(@Nullable Throwable cause) {
    refuse(
        switch (cause) {
          case TooLongHttpLineException _ -> Refusal.lineTooLong(StrictRequestDecoder.LONGEST_LINE);
          case TooLongFrameException _ -> Refusal.headersTooLarge(setup.config().maxHeaderBytes());
          case null, default ->
              ErrorKind.BAD_REQUEST.because("the request is not well-framed HTTP/1.1");
        });
  }

  /** RFC 9112, 3.2: who sends none, or two, may mean another host than a proxy before us saw. */
  private static boolean namesOneHost(HttpRequest head) {
    if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return true;
    }
    Iterator<? extends CharSequence> hosts =
        head.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return false;
    }
    hosts.next();
    return !hosts.hasNext();
  }

  /** What comes behind it on this connection cannot be trusted. */
  private void refuse(Refusal refusal) {
    if (request == null) {
      RequestHead head = RequestHead.unreadable(setup.ids().nextRequestId());
      request = new ClientRequest(this, setup, head);
    }
    request.broken(refusal);
  }

  private void tooSlow() {
    if (request != null && request.isComing()) {
      request.tooSlow();
    } else {
      context().close();
    }
  }

  private void closeIfIdle() {
    if (request == null && !closing && pipelined.isEmpty() && !decoder.isWithinHead()) {
      closeWhenWritten();
    }
  }

  private void end() {
    if (request != null) {
      request.endForDrain();
    } else if (!closing) {
      closeWhenWritten();
    }
  }

  /** An answer may still be on its way to a client that takes its time. */
  private void closeWhenWritten() {
    closing = true;
    context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** TLS is passed by: it would say that all was sent. */
  private void reset() {
    closing = true;
    context().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    context().pipeline().firstContext().close();
  }

  private boolean isServing() {
    return request != null && request.isServing();
  }

  private boolean mustWait() {
    return isServing() || (request == null && !context().channel().isWritable());
  }

  private ClientRequest request() {
    return Objects.requireNonNull(request, "no request is served");
  }

  private void forgetPipelined() {
    pipelined.forEach(ReferenceCountUtil::release);
    pipelined.clear();
  }

  private TimeLimit limit() {
    return Objects.requireNonNull(limit, "not in a pipeline yet");
  }
}
