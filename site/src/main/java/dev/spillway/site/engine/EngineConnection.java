package dev.spillway.site.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.link.Acknowledgements;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection to an engine: one call at a time, or idle in its pool. */
final class EngineConnection extends ChannelInboundHandlerAdapter {
  private final EnginePool pool;
  private final EngineAddress address;

  private @Nullable ChannelHandlerContext context;
  private @Nullable EngineCall call;
  private @Nullable Future<?> idleLimit;
  private boolean hasHead;
  private boolean streams;
  private boolean informational;
  private boolean reusable;

  /** The decoder takes a reset for the end of a body that ends with its connection. */
  private boolean brokeOff;

  EngineConnection(EnginePool pool, EngineAddress address) {
    this.pool = pool;
    this.address = address;
  }

  EngineAddress address() {
    return address;
  }

  Channel channel() {
    return context().channel();
  }

  boolean isUsable() {
    return channel().isActive();
  }

  /** Takes over the request. */
  void send(EngineCall next, FullHttpRequest request) {
    call = next;
    hasHead = false;
    streams = false;
    if (idleLimit != null) {
      idleLimit.cancel(false);
    }
    context().writeAndFlush(request);
    context().read();
  }

  void readMore() {
    context().read();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    EngineCall current = call;
    if (current == null || !((HttpObject) message).decoderResult().isSuccess()) {
      ReferenceCountUtil.release(message); // nobody asked for it, or it is not HTTP
      ctx.close();
      return;
    }
    if (message instanceof HttpResponse response) {
      head(current, response);
    }
    if (message instanceof HttpContent content) {
      content(current, content);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    EngineCall current = call;
    if (current == null) {
      ctx.read(); // idle: to see the other side close
    } else {
      if (hasHead && !streams) {
        streams = true;
        Acknowledgements.ofStream(ctx.channel(), false); // who knows what engine it is
      }
      current.readComplete();
      if (!current.isPaused()) {
        ctx.read();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    EngineCall current = call;
    call = null;
    if (current == null) {
      pool.forget(this);
    } else if (hasHead || informational) {
      current.failed();
    } else {
      current.lostBeforeHead();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    brokeOff = true;
    ctx.close();
  }

  private void head(EngineCall current, HttpResponse response) {
    informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (!informational) {
      hasHead = true;
      reusable = HttpUtil.isKeepAlive(response);
      current.head(response.status().code(), response.headers());
    }
  }

  private void content(EngineCall current, HttpContent content) {
    boolean last = content instanceof LastHttpContent && !informational && !brokeOff;
    if (content.content().isReadable()) {
      current.content(content.content());
    } else {
      content.release();
    }
    if (last) {
      call = null;
      if (reusable && !current.isOver() && isUsable()) {
        idleLimit =
            context()
                .executor()
                .schedule(this::tooOld, EnginePool.IDLE_LIMIT.toNanos(), NANOSECONDS);
        pool.giveBack(this);
      } else {
        channel().close();
      }
      current.complete();
    }
  }

  private void tooOld() {
    if (call == null) {
      pool.forget(this);
      channel().close();
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }
}
