package dev.spillway.site.relay;

import dev.spillway.site.engine.Choice;
import dev.spillway.site.engine.EngineAnswer;
import dev.spillway.site.engine.EngineCall;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard.Refused;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
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
  private @Nullable Spare spare;
  private @Nullable String keptBy;
  private boolean hasHead;

  /** A request that was let in. */
  private record Entered(
      ServedDeployment deployment,
      EngineOperation operation,
      RequestHead head,
      HttpHeaders toEngine,
      Service.Entry.In entry) {}

  /**
   * What can be asked of another engine, as long as no answer began.
   *
   * @param choice what was tried
   * @param body held once more
   */
  private record Spare(Choice choice, ByteBuf body) {}

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
    releaseSpare();
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
    releaseSpare();
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
    } else if (spare == null) {
      refuseForLackOfEngines();
    } else {
      context().executor().execute(this::askAnother); // once the call that failed is over
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
    Choice choice = choice(in, whole, now);
    if (in.entry().keeper() == null) {
      spare = new Spare(choice, whole.retain());
    }
    ask(in, choice, whole, now);
  }

  private void ask(Entered in, Choice choice, ByteBuf whole, long now) {
    EngineOperation operation = in.operation();
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

  /** Its engine gave no answer; another may, once: the hub would take the whole site for gone. */
  private void askAnother() {
    Spare kept = spare;
    if (kept == null || entered == null) {
      return; // the hub left meanwhile
    }
    spare = null;
    long now = service.nowNanos();
    Choice tried = kept.choice();
    Choice other =
        tried.deployment().another(tried.replica(), tried.prefix(), tried.inputTokens(), now);
    if (other == null) {
      kept.body().release();
      refuseForLackOfEngines();
    } else {
      ask(entered, other, kept.body(), now);
    }
  }

  private void releaseSpare() {
    if (spare != null) {
      spare.body().release();
      spare = null;
    }
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

  private void refuseForLackOfEngines() {
    service.guard().count(SiteRefusal.ENGINE);
    refuse(new Refused(SiteRefusal.ENGINE, null, "no engine answered"));
  }

  /** All of it in the head: nothing of it goes further than the hub. */
  private void refuse(Refused refused) {
    SiteRefusal reason = refused.reason();
    LOG.log(Level.DEBUG, "refused, {0}: {1}", reason.label(), refused.message());
    context().writeAndFlush(new DefaultHttp2HeadersFrame(AnswerHead.of(refused), true));
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }
}
