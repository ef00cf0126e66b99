package dev.spillway.gateway.tunnel;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream of one attempt.
 *
 * <p>Runs on its connection's loop and tells the attempt on the attempt's: at once if that is the
 * same loop, else by a hop. What the other side may send grows only by what the attempt has taken
 * while it was not paused, so that a client that does not read holds up its own engine, through the
 * whole path, and nobody else.
 */
final class TunnelStream extends ChannelInboundHandlerAdapter {
  private final TunnelAttempt attempt;
  private final Tunnel tunnel;
  private final EventLoop caller;
  private final StreamWindow window;

  private @Nullable Http2StreamChannel channel;
  private boolean cancelled;
  private boolean paused;
  private boolean hasHead;
  private boolean ended;

  TunnelStream(TunnelAttempt attempt, Tunnel tunnel, EventLoop caller) {
    this.attempt = attempt;
    this.tunnel = tunnel;
    this.caller = caller;
    this.window = tunnel.window();
  }

  /** Opens the stream and sends the request; takes over the reference to {@code body}. */
  void start(Http2Headers head, ByteBuf body) {
    on(tunnel.loop(), () -> open(head, body));
  }

  void pause() {
    on(tunnel.loop(), () -> paused = true);
  }

  void resume() {
    on(
        tunnel.loop(),
        () -> {
          paused = false;
          readOnUnlessPaused();
        });
  }

  /** Resets the stream; the agent stops its engine. */
  void cancel() {
    on(
        tunnel.loop(),
        () -> {
          cancelled = true;
          if (channel != null) {
            channel.close();
          }
        });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case Http2HeadersFrame head -> head(head);
      case Http2DataFrame data -> data(data);
      default -> ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    on(
        caller,
        () -> {
          if (attempt.hears(this)) {
            attempt.readComplete();
          }
          on(tunnel.loop(), this::readOnUnlessPaused); // after a pause that what was read led to
        });
  }

  /**
   * A reset is left to the channel: it tells what came before first, once it is read on, and then
   * that it is closed. To close it here would drop that, which may be all of the answer but its
   * end, or a refusal that is no fault of the site's.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    tunnel.streamEnded();
    window.close();
    if (!ended && !cancelled) {
      lost();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void open(Http2Headers head, ByteBuf body) {
    if (cancelled) {
      body.release();
      tunnel.streamEnded();
      return;
    }
    new Http2StreamChannelBootstrap(tunnel.channel())
        .option(ChannelOption.AUTO_READ, false)
        .option(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false)
        .handler(this)
        .open()
        .addListener((Future<Http2StreamChannel> done) -> opened(done, head, body));
  }

  private void opened(Future<Http2StreamChannel> done, Http2Headers head, ByteBuf body) {
    if (!done.isSuccess()) {
      body.release();
      tunnel.streamEnded();
      lost();
      return;
    }
    Http2StreamChannel stream = done.getNow();
    channel = stream;
    if (cancelled) {
      body.release();
      stream.close();
      return;
    }
    stream.write(new DefaultHttp2HeadersFrame(head));
    stream.writeAndFlush(new DefaultHttp2DataFrame(body, true));
    stream.read();
  }

  private void head(Http2HeadersFrame frame) {
    int status;
    try {
      status = Integer.parseInt(String.valueOf(frame.headers().status()));
    } catch (NumberFormatException e) {
      status = 0;
    }
    if (hasHead) {
      finished(frame.isEndStream()); // trailers say nothing here
    } else if (status < 200 || status > 599) {
      if (HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
        broken();
      }
    } else {
      hasHead = true;
      int answered = status;
      HttpHeaders headers = headers(frame.headers());
      tell(() -> attempt.head(tunnel, answered, headers));
      finished(frame.isEndStream());
    }
  }

  private void data(Http2DataFrame frame) {
    window.came(frame.initialFlowControlledBytes());
    boolean last = frame.isEndStream();
    ByteBuf bytes = frame.content();
    if (!hasHead) {
      bytes.release();
      broken();
    } else if (bytes.isReadable()) {
      on(
          caller,
          () -> {
            if (attempt.hears(this)) {
              attempt.content(bytes);
            } else {
              bytes.release();
            }
          });
    } else {
      bytes.release();
    }
    finished(last);
  }

  private void finished(boolean last) {
    if (last && !ended) {
      ended = true;
      tell(attempt::complete);
    }
  }

  private void broken() {
    if (!ended) {
      ended = true;
      tell(() -> attempt.fail(BAD_ANSWER, "sent what is not an answer"));
      if (channel != null) {
        channel.close();
      }
    }
  }

  private void lost() {
    ended = true;
    if (hasHead) {
      tell(() -> attempt.fail(STREAM_BROKEN, "broke off in mid-answer"));
    } else {
      tell(() -> attempt.lostBeforeHead(tunnel));
    }
  }

  private void readOnUnlessPaused() {
    Http2StreamChannel stream = channel;
    if (paused || stream == null) {
      return;
    }
    int due = window.due();
    if (due > 0 && !ended) {
      tunnel.giveBack(stream, due, window);
    }
    stream.read();
  }

  private static HttpHeaders headers(Http2Headers from) {
    HttpHeaders headers = new DefaultHttpHeaders();
    from.forEach(each -> {
      if (!Http2Headers.PseudoHeaderName.isPseudoHeader(each.getKey())) {
        headers.add(each.getKey(), each.getValue());
      }
    });
    return headers;
  }

  /** On the attempt's loop, unless it has gone on to another stream by then. */
  private void tell(Runnable step) {
    on(
        caller,
        () -> {
          if (attempt.hears(this)) {
            step.run();
          }
        });
  }

  private static void on(EventLoop loop, Runnable step) {
    if (loop.inEventLoop()) {
      step.run();
    } else {
      loop.execute(step);
    }
  }
}
