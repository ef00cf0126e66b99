package dev.spillway.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Flushes a connection once for all that its streams wrote in one pass of the event loop: they then
 * share TLS records and system calls. Nothing waits for longer than that pass, and a flush of
 * nothing goes no further.
 *
 * <p>Stands between TLS and HTTP/2, one a connection; event loop only.
 */
public final class LinkFlush extends ChannelOutboundHandlerAdapter {
  private boolean written;
  private boolean due;

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    written = true;
    ctx.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (written && !due) {
      due = true;
      ctx.executor().execute(() -> flushDue(ctx));
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    flushDue(ctx);
    ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    flushDue(ctx);
  }

  private void flushDue(ChannelHandlerContext ctx) {
    if (due) {
      due = false;
      written = false;
      ctx.flush();
    }
  }
}
