package dev.spillway.gateway.server;

import dev.spillway.gateway.auth.LastKey;
import dev.spillway.gateway.timing.TimeLimit;
import dev.spillway.wire.error.Refusal;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a client's connection of HTTP/2: one request, one answer. Event loop only.
 *
 * <p>The client's window grows again as the body is taken, and the stream is writable as long as
 * the client takes what it is sent: both are the channel's doing. A stream that the client resets
 * becomes inactive.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Carrier {
  private final Http2Connection connection;
  private final ServerSetup setup;

  private final Untaken untaken = new Untaken();

  private @Nullable ChannelHandlerContext context;
  private @Nullable TimeLimit limit;
  private @Nullable ClientRequest request;

  Http2Stream(Http2Connection connection, ServerSetup setup) {
    this.connection = connection;
    this.setup = setup;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    connection.opened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      Refusal malformed = Malformed.unread((HttpObject) message, setup.config().maxHeaderBytes());
      if (message instanceof HttpRequest head) {
        begin(head, malformed);
      } else if (malformed != null && request != null) {
        request.broken(malformed);
      }
      if (message instanceof HttpContent content && request != null) {
        request.content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Most requests come whole in one read, and need no limit. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (limit == null && request != null && request.isComing()) {
      limit().within(setup.config().requestWithin());
    }
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (request != null && ctx.channel().isWritable()) {
      request.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (limit != null) {
      limit.end();
    }
    if (request != null) {
      request.gone();
    }
    connection.closed(this);
  }

  /** What breaks the protocol has its own error code, and the channel closes with that. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      ctx.fireExceptionCaught(cause);
    } else if (setup.unforeseen().tell(cause)) {
      failed();
    } else {
      reset(Http2Error.INTERNAL_ERROR);
    }
  }

  @Override
  public ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  @Override
  public @Nullable StraightPath straight() {
    return null;
  }

  @Override
  public LastKey lastKey() {
    return connection.lastKey();
  }

  @Override
  public void received() {
    if (limit != null) {
      limit.none();
    }
  }

  @Override
  public void answered(ChannelFuture written, Then then) {
    if (!written.isDone()) {
      // A client that does not take its answer must not make us keep it for ever.
      untaken.begin();
      limit().within(setup.config().idleWithin());
    }
  }

  /** RFC 9113, 8.1: a whole answer, then a reset that blames nobody. */
  @Override
  public void answeredEarly(ChannelFuture written) {
    limit().within(setup.config().idleWithin());
    written.addListener(_ -> reset(Http2Error.NO_ERROR));
  }

  @Override
  public void cut() {
    reset(Http2Error.INTERNAL_ERROR);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.END && request != null) {
      request.endForDrain();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  /** The hub goes down and waits no longer; what fails by that is the stream's alone. */
  void endForDrain() {
    context().pipeline().fireUserEventTriggered(Drain.END);
  }

  private void begin(HttpRequest head, @Nullable Refusal malformed) {
    request = new ClientRequest(this, setup, RequestHead.of(head, setup.ids().nextRequestId()));
    if (malformed == null) {
      request.begin();
    } else {
      request.broken(malformed);
    }
  }

  private void failed() {
    if (request == null) {
      RequestHead head = RequestHead.unreadable(setup.ids().nextRequestId());
      request = new ClientRequest(this, setup, head);
    }
    request.failed();
  }

  private void reset(Http2Error error) {
    context()
        .writeAndFlush(new DefaultHttp2ResetFrame(error))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void tooSlow() {
    if (request != null && request.isComing()) {
      if (!limit().later(request.earnedNanos())) {
        request.tooSlow();
      }
    } else if (untaken.shrank(context().channel())) {
      limit().within(setup.config().idleWithin());
    } else {
      // To close would not do: what was written to its end waits for the client's window for ever.
      reset(Http2Error.CANCEL);
    }
  }

  private TimeLimit limit() {
    if (limit == null) {
      limit = new TimeLimit(context().executor(), this::tooSlow);
    }
    return limit;
  }
}
