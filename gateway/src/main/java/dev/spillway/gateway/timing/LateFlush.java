package dev.spillway.gateway.timing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts off a connection's flush to the end of the event loop's pass.
 *
 * <p>Why: what the requests of one pass write then goes out in a row. The kernel's code for it is
 * in the processor's caches from the second on, and the other side, woken by the first, is still
 * awake at the next: to wake it costs more than to send.
 *
 * <p>For HTTP/1.1, and before all that makes bytes of messages: HTTP/2 flushes late by itself, and
 * its last words must be out before it closes. Event loop only.
 */
public final class LateFlush extends ChannelOutboundHandlerAdapter {
  private final PassEnd end;
  private final Runnable flush = this::flushDue;
  private @Nullable ChannelHandlerContext context;
  private boolean due;

  /** For one connection of the event loop whose passes have this end. */
  public LateFlush(PassEnd end) {
    this.end = end;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!due) {
      due = true;
      end.run(flush);
    }
  }

  /** What was to be flushed is, as far as the socket takes it. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    flushDue();
    ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    flushDue();
  }

  private void flushDue() {
    if (due) {
      due = false;
      Objects.requireNonNull(context, "never added").flush();
    }
  }
}
