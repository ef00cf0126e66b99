package dev.spillway.gateway.server;

import dev.spillway.gateway.auth.LastKey;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
  private final ServerSetup setup;
  private final StrictRequestDecoder decoder;
  private final @Nullable StraightPath straight;
  private final RequestHeads heads;
  private final LastKey lastKey = new LastKey();
  private final Pipelined pipelined = new Pipelined();
  private final BooleanSupplier holdsOn = this::holdsOn;
  private final Consumer<HttpObject> readsNext = this::read;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientTime time;
  private @Nullable ClientRequest request;
  private boolean takesInterim;
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
    this.heads = new RequestHeads(setup.ids());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    time = new ClientTime(setup.config(), setup.alarms(), this::tooSlow);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject object = (HttpObject) message;
    if (!closing && (holdsOn() || !pipelined.isEmpty())) {
      if (pipelined.add(object)) {
        ctx.channel().config().setAutoRead(false);
      }
    } else {
      read(object);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (request == null && !closing && decoder.isWithinHead()) {
      time().headComes();
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
    time().end();
    ClientRequest left = request;
    request = null;
    if (left != null) {
      left.gone();
    }
    pipelined.forget();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!setup.unforeseen().tell(cause)) {
      ctx.close();
    } else if (request != null || !closing) {
      failed();
    }
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
    time().none();
  }

  @Override
  public void answered(ChannelFuture written, Then then) {
    request = null;
    time().answered();
    if (then == Then.CLOSE || closing || (sendsNoMore && pipelined.isEmpty())) {
      closing = true;
      pipelined.forget();
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
    if (sendsNoMore) {
      written.addListener(ChannelFutureListener.CLOSE);
    } else {
      context().channel().config().setAutoRead(true); // off, if much was waiting behind it
      time().linger();
    }
  }

  /**
   * Its last chunk never comes. Whoever knows no chunks takes what has come for all of it, unless
   * its connection breaks.
   */
  @Override
  public void cut() {
    request = null;
    time().idle();
    pipelined.forget();
    if (takesInterim) {
      closeWhenWritten();
    } else {
      reset();
    }
  }

  private void takeUpPipelined() {
    if (!pipelined.takeUp(holdsOn, readsNext) || closing) {
      return;
    }
    if (!sendsNoMore) {
      context().channel().config().setAutoRead(!pipelined.isFull()); // to see the client go
    } else if (!holdsOn()) {
      closeWhenWritten();
    }
  }

  private void sendsNoMore() {
    sendsNoMore = true;
    context().channel().config().setAutoRead(false);
    ClientRequest served = request;
    if (served != null && served.isServing() && takesInterim) {
      HalfClosing.closeWhenReset(context().channel(), this::knock);
    } else if (served != null) {
      context().close();
    } else if (!closing && pipelined.isEmpty()) {
      closeWhenWritten();
    }
  }

  private void knock() {
    if (request != null && request.isServing() && context().channel().isWritable()) {
      request.knock();
    }
  }

  private void read(HttpObject object) {
    setup.clock().hold();
    try {
      if (closing) {
        return;
      }
      Refusal malformed = Malformed.why(object, setup.config().maxHeaderBytes());
      if (malformed != null) {
        refuse(malformed);
        return;
      }
      RequestHead head = heads.next(object);
      if (head != null && request == null) { // behind one refused while it came, none is served
        begin(head);
      }
      if (object instanceof HttpContent content && request != null) {
        request.content(content);
      }
    } finally {
      setup.clock().goOn();
      ReferenceCountUtil.release(object);
    }
  }

  private void begin(RequestHead head) {
    time().headCame();
    decoder.headRead();
    takesInterim = head.fields().version() != HeadFields.Version.HTTP_1_0;
    request = new ClientRequest(this, setup, head);
    request.begin();
  }

  /** Of what comes behind it nothing is served: nobody knows what state this is in. */
  private void failed() {
    closing = true;
    pipelined.forget();
    if (request != null || decoder.isWithinHead()) {
      requestOrUnread().failed();
    } else {
      closeWhenWritten();
    }
  }

  /** What comes behind it on this connection cannot be trusted. */
  private void refuse(Refusal refusal) {
    closing = true;
    pipelined.forget();
    requestOrUnread().broken(refusal);
  }

  /** The one that is being read, of which the head may be what is wrong. */
  private ClientRequest requestOrUnread() {
    if (request == null) {
      RequestHead head = RequestHead.unreadable(setup.ids().nextRequestId());
      request = new ClientRequest(this, setup, head);
    }
    return request;
  }

  private void tooSlow() {
    if (request != null && request.isComing()) {
      if (!time().goesOnFor(request.earnedNanos())) {
        request.tooSlow();
      }
    } else if (request != null || decoder.isWithinHead() || !time().goesOn(context().channel())) {
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

  private boolean holdsOn() {
    ClientRequest served = request;
    return closing || (served == null ? !context().channel().isWritable() : served.isServing());
  }

  private ClientTime time() {
    return Objects.requireNonNull(time, "not in a pipeline yet");
  }
}
