package dev.spillway.gateway.upstream;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection to a deployment: one attempt at a time, or idle in its pool. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private final UpstreamPool pool;
  private final Endpoint endpoint;

  private @Nullable ChannelHandlerContext context;
  private @Nullable PooledAttempt attempt;
  private @Nullable Future<?> idleLimit;
  private boolean hasHead;
  private boolean informational;
  private boolean reusable;

  UpstreamConnection(UpstreamPool pool, Endpoint endpoint) {
    this.pool = pool;
    this.endpoint = endpoint;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Channel channel() {
    return context().channel();
  }

  boolean isUsable() {
    return channel().isActive();
  }

  void close() {
    channel().close();
  }

  /** Takes over the reference to {@code body}. */
  void send(PooledAttempt next, ByteBuf body) {
    attempt = next;
    hasHead = false;
    if (idleLimit != null) {
      idleLimit.cancel(false);
    }
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, next.request().method(), next.request().pathAndQuery(), body);
    request.headers().set(next.request().headers());
    request.headers().set(HttpHeaderNames.HOST, endpoint.authority());
    HttpUtil.setContentLength(request, body.readableBytes());
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
    PooledAttempt current = attempt;
    if (current == null) {
      // Bytes that nobody asked for: whatever they are, the next answer here cannot be trusted.
      ReferenceCountUtil.release(message);
      ctx.close();
    } else if (!((HttpObject) message).decoderResult().isSuccess()) {
      ReferenceCountUtil.release(message);
      broken(current, "sent what is not HTTP");
    } else {
      if (message instanceof HttpResponse response) {
        head(current, response);
      }
      if (message instanceof HttpContent content) {
        content(current, content);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    PooledAttempt current = attempt;
    if (current == null) {
      // Idle: read on, to see the other side close.
      ctx.read();
    } else {
      current.readComplete();
      if (!current.isPaused()) {
        ctx.read();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    PooledAttempt current = attempt;
    attempt = null;
    if (current == null) {
      pool.forget(this);
    } else if (hasHead) {
      current.fail(STREAM_BROKEN, "closed the connection in mid-answer");
    } else {
      current.lostBeforeHead();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void head(PooledAttempt current, HttpResponse response) {
    informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (informational) {
      return;
    }
    hasHead = true;
    reusable = HttpUtil.isKeepAlive(response);
    current.head(response.status().code(), response.headers());
  }

  private void content(PooledAttempt current, HttpContent content) {
    boolean last = content instanceof LastHttpContent && !informational;
    if (content.content().isReadable()) {
      current.content(content.content());
    } else {
      content.release();
    }
    if (last) {
      attempt = null;
      if (reusable && !current.isOver() && isUsable()) {
        becomeIdle();
      } else {
        close();
      }
      current.complete();
    }
  }

  private void broken(PooledAttempt current, String what) {
    attempt = null;
    close();
    current.fail(BAD_ANSWER, what);
  }

  private void becomeIdle() {
    long limit = UpstreamPool.IDLE_LIMIT.toNanos();
    idleLimit = context().executor().schedule(this::tooOld, limit, NANOSECONDS);
    pool.giveBack(this);
  }

  private void tooOld() {
    if (attempt == null) {
      pool.forget(this);
      close();
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }
}
