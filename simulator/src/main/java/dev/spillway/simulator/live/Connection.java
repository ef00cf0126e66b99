package dev.spillway.simulator.live;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its requests one after another, and their end when it leaves.
 *
 * <p>Keeps reading while an answer runs, because a client's leaving shows only in reading; requests
 * that come too early wait here, a few of them.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final int MAX_WAITING = 16;

  private final ApiHandler handler;
  private final LiveConnections all;
  private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
  private @Nullable Generation generation;
  private boolean answering;

  Connection(ApiHandler handler, LiveConnections all) {
    this.handler = handler;
    this.all = all;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    all.opened(ctx.channel(), this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var request = (FullHttpRequest) message;
    if (!answering) {
      serve(ctx, request);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(request);
    } else {
      request.release();
      ctx.close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (generation != null && ctx.channel().isWritable()) {
      generation.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    all.closed(ctx.channel());
    if (generation != null) {
      generation.clientGone();
      generation = null;
    }
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  /** A reset by the client is its leaving; {@link #channelInactive} follows. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  boolean isIdle() {
    return !answering;
  }

  private void serve(ChannelHandlerContext ctx, FullHttpRequest request) {
    answering = true;
    String id = HexFormat.of().toHexDigits(all.nextRequestNumber());
    var persistence =
        HttpUtil.isKeepAlive(request) && !all.areDraining()
            ? HttpReply.Persistence.KEEP_ALIVE
            : HttpReply.Persistence.CLOSE;
    var reply =
        new HttpReply(
            ctx,
            persistence,
            request.headers().get("x-request-id", "req-" + id),
            () -> answered(ctx));
    try {
      handler.serve(request, id, reply).ifPresent(work -> generation = work);
    } finally {
      request.release();
    }
  }

  private void answered(ChannelHandlerContext ctx) {
    answering = false;
    generation = null;
    if (all.areDraining()) {
      ctx.channel().eventLoop().execute(ctx::close);
    } else if (!waiting.isEmpty()) {
      ctx.channel().eventLoop().execute(() -> serveNext(ctx));
    }
  }

  private void serveNext(ChannelHandlerContext ctx) {
    FullHttpRequest next = answering ? null : waiting.poll();
    if (next != null) {
      serve(ctx, next);
    }
  }
}
