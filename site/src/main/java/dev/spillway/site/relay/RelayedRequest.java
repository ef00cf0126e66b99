package dev.spillway.site.relay;

import dev.spillway.site.engine.Choice;
import dev.spillway.site.engine.EngineAnswer;
import dev.spillway.site.engine.EngineCall;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard.Admitted;
import dev.spillway.site.guard.Guard.Judgement;
import dev.spillway.site.guard.Guard.Refused;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
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
import java.util.Set;
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
  private static final String API = "/v1";
  private static final Set<String> OPERATIONS =
      Set.of(
          "/chat/completions",
          "/completions",
          "/embeddings",
          "/moderations",
          "/responses",
          "/messages",
          "/images/generations",
          "/images/edits",
          "/audio/speech",
          "/audio/transcriptions",
          "/audio/translations");

  /** Those whose prompts engines keep the beginnings of. */
  private static final Set<String> OF_PROMPTS =
      Set.of("/chat/completions", "/completions", "/responses", "/messages");

  private static final Set<String> TO_ENGINE = Set.of("content-type", "accept", "x-request-id");
  private static final Set<String> TO_HUB = Set.of("content-type", "retry-after", "x-request-id");
  private static final int MOST_PARTS = 1_024;

  private final Service service;
  private final EnginePool engines;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ServedDeployment deployment;
  private @Nullable CompositeByteBuf body;
  private @Nullable EngineCall call;
  private HttpHeaders toEngine = new DefaultHttpHeaders();
  private String operation = "";
  private long inputTokens;
  private long promised;
  private long salt;
  private boolean entered;
  private boolean hasHead;

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
      if (message instanceof Http2HeadersFrame head && !entered) {
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
    if (entered) {
      entered = false;
      service.left(promised);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    hasHead = true;
    Http2Headers head = new DefaultHttp2Headers().status(Integer.toString(status));
    for (String name : TO_HUB) {
      String value = headers.get(name);
      if (value != null) {
        head.set(name, value);
      }
    }
    context().write(new DefaultHttp2HeadersFrame(head));
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
    Http2Headers head = frame.headers();
    String path = text(head.path());
    String name = text(head.get(LinkHeaders.DEPLOYMENT));
    deployment = name == null ? null : service.deployment(name);
    operation = path != null && path.startsWith(API) ? path.substring(API.length()) : "";
    if (deployment == null
        || !OPERATIONS.contains(operation)
        || !"POST".equals(text(head.method()))) {
      service.guard().count(SiteRefusal.UNKNOWN);
      refuse(new Refused(SiteRefusal.UNKNOWN, null, "not served here"));
      return;
    }
    inputTokens = number(head, LinkHeaders.INPUT_TOKENS);
    promised = number(head, "content-length");
    Judgement judgement =
        service.enter(
            deployment,
            text(head.get(LinkHeaders.FACTS)),
            text(head.get("x-request-id")),
            number(head, LinkHeaders.EXPECTED_QUEUE),
            promised);
    switch (judgement) {
      case Refused refused -> refuse(refused);
      case Admitted(var tenant) -> {
        entered = true;
        salt = deployment.salt(tenant);
        admitted(ctx, frame, deployment);
      }
    }
  }

  private void admitted(ChannelHandlerContext ctx, Http2HeadersFrame frame, ServedDeployment to) {
    Http2Headers head = frame.headers();
    for (String each : TO_ENGINE) {
      String value = text(head.get(each));
      if (value != null) {
        toEngine.set(each, value);
      }
    }
    body = ctx.alloc().compositeBuffer(MOST_PARTS);
    if (frame.isEndStream()) {
      send(to);
    }
  }

  private void data(ChannelHandlerContext ctx, Http2DataFrame data) {
    if (body == null || deployment == null) {
      return; // refused, or too much: what still comes is dropped
    }
    if (body.readableBytes() + data.content().readableBytes() > promised) {
      ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
      ctx.close();
      return;
    }
    body.addComponent(true, data.content().retain());
    if (data.isEndStream()) {
      send(deployment);
    }
  }

  private void send(ServedDeployment to) {
    ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : body;
    body = null;
    long now = service.nowNanos();
    PromptPrefix prefix =
        OF_PROMPTS.contains(operation) ? engines.prefix(whole, salt) : PromptPrefix.NONE;
    Choice choice = to.choose(prefix, inputTokens, now);
    call =
        EngineCall.start(
            engines, choice, new EngineCall.Request(operation, toEngine, whole), this, now);
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

  private static @Nullable String text(@Nullable CharSequence value) {
    return value == null ? null : value.toString();
  }

  /** At least 0; 0 if it is not there, or no number. */
  private static long number(Http2Headers head, String name) {
    return Math.max(0, head.getLong(name, 0));
  }
}
