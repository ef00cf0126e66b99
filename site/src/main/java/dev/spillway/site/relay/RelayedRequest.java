package dev.spillway.site.relay;

import dev.spillway.site.engine.Choice;
import dev.spillway.site.engine.EngineAnswer;
import dev.spillway.site.engine.EngineCall;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard.Refused;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * One stream: judged by its head, before its body is here; then sent to an engine whose answer goes
 * back as it comes.
 *
 * <p>One event loop for the stream and the engine's connection. A stream that is reset closes that
 * connection at once. When the hub does not take what is sent, the engine is not read.
 */
public final class RelayedRequest extends ChannelInboundHandlerAdapter implements EngineAnswer {
  private static final Logger LOG = System.getLogger(RelayedRequest.class.getName());
  private static final int MOST_PARTS = 1_024;

  private final Service service;
  private final EnginePool engines;

  private @Nullable ChannelHandlerContext context;
  private @Nullable Entered entered;
  private @Nullable CompositeByteBuf body;
  private @Nullable EngineCall call;
  private @Nullable String keptBy;
  private boolean hasHead;

  /** A request that was let in. */
  private record Entered(
      ServedDeployment deployment,
      EngineOperation operation,
      RequestHead head,
      HttpHeaders toEngine,
      Service.Entry.In entry) {}

  /** Of the next stream of a connection on whose loop these connections to engines are. */
  public RelayedRequest(Service service, EnginePool engines) {
    this.service = service;
    this.engines = engines;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof Http2HeadersFrame head && entered == null) {
        begin(ctx, head);
      } else if (message instanceof Http2DataFrame data) {
        data(ctx, data);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (call != null) {
      if (ctx.channel().isWritable()) {
        call.resume();
      } else {
        call.pause();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame) {
      ctx.close();
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (call != null) {
      call.cancel();
    }
    if (body != null) {
      body.release();
      body = null;
    }
    if (entered != null) {
      service.left(entered.head().bytes());
      entered = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    hasHead = true;
    context().write(new DefaultHttp2HeadersFrame(AnswerHead.of(status, headers, keptBy)));
  }

  @Override
  public void content(ByteBuf bytes) {
    context().write(new DefaultHttp2DataFrame(bytes));
    if (call != null && !context().channel().isWritable()) {
      call.pause();
    }
  }

  @Override
  public void readComplete() {
    context().flush();
  }

  @Override
  public void complete() {
    context().writeAndFlush(new DefaultHttp2DataFrame(true));
  }

  @Override
  public void failed() {
    if (hasHead) {
      context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
      context().close();
    } else {
      service.guard().count(SiteRefusal.ENGINE);
      refuse(new Refused(SiteRefusal.ENGINE, null, "no engine answered"));
    }
  }

  private void begin(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
    RequestHead head = RequestHead.of(frame.headers());
    ServedDeployment deployment = service.deployment(head.deployment());
    EngineOperation operation = head.operation();
    if (deployment == null || operation == null) {
      service.guard().count(SiteRefusal.UNKNOWN);
      refuse(new Refused(SiteRefusal.UNKNOWN, null, "not served here"));
      return;
    }
    switch (service.enter(deployment, operation, head)) {
      case Service.Entry.Out(var refused) -> refuse(refused);
      case Service.Entry.In entry -> {
        HttpHeaders toEngine = RequestHead.toEngine(frame.headers());
        Entered in = new Entered(deployment, operation, head, toEngine, entry);
        entered = in;
        body = ctx.alloc().compositeBuffer(MOST_PARTS);
        if (frame.isEndStream()) {
          send(in);
        }
      }
    }
  }

  private void data(ChannelHandlerContext ctx, Http2DataFrame data) {
    if (body == null || entered == null) {
      return; // refused, or too much: what still comes is dropped
    }
    if (body.readableBytes() + data.content().readableBytes() > entered.head().bytes()) {
      ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
      ctx.close();
      return;
    }
    body.addComponent(true, data.content().retain());
    if (data.isEndStream()) {
      send(entered);
    }
  }

  private void send(Entered in) {
    ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : body;
    body = null;
    long now = service.nowNanos();
    EngineOperation operation = in.operation();
    Choice choice = choice(in, whole, now);
    keptBy = operation.isKeptByReplica() ? choice.replica().name() : null;
    call =
        EngineCall.start(
            engines,
            choice,
            new EngineCall.Request(
                operation.method(),
                operation.pathAndQuery(),
                operation.reading(in.head().streamed()),
                in.toEngine(),
                whole),
            this,
            now);
  }

  private Choice choice(Entered in, ByteBuf whole, long now) {
    ServedDeployment at = in.deployment();
    PromptPrefix prefix =
        in.operation().isOfPrompt()
            ? engines.prefix(whole, at.salt(in.entry().tenant()))
            : PromptPrefix.NONE;
    Replica keeper = in.entry().keeper();
    long tokens = in.head().inputTokens();
    return keeper == null ? at.choose(prefix, tokens, now) : at.only(keeper, prefix, tokens);
  }

  /** All of it in the head: nothing of it goes further than the hub. */
  private void refuse(Refused refused) {
    SiteRefusal reason = refused.reason();
    LOG.log(Level.DEBUG, "refused, {0}: {1}", reason.label(), refused.message());
    Http2Headers head =
        new DefaultHttp2Headers()
            .status(Integer.toString(reason.status()))
            .set(LinkHeaders.REFUSAL, reason.label());
    if (refused.clause() != null) {
      head.set(LinkHeaders.CLAUSE, refused.clause());
    }
    context().writeAndFlush(new DefaultHttp2HeadersFrame(head, true));
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }
}
