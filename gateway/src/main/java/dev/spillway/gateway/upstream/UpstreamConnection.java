package dev.spillway.gateway.upstream;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import dev.spillway.gateway.upstream.Endpoint.Security;
import dev.spillway.link.Acknowledgements;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to a deployment: one attempt at a time, or idle in its pool.
 *
 * <p>Whatever is wrong with an answer closes it: what comes next could not be trusted.
 *
 * <p>A request goes out at the end of the event loop's pass, as {@link
 * dev.spillway.gateway.timing.LateFlush} has it for clients; without a handler of its own, because
 * each is two objects more that a chunk has to pass.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements ResponseReader.Sink {
  /**
   * A connection that was closed before a request was sent on it is lost as soon as that arrives.
   * What is lost later may have been at work on it.
   */
  private static final long STALE_WITHIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final UpstreamPool pool;
  private final Endpoint endpoint;
  private final RequestWriter writer;
  private final ResponseReader reader = new ResponseReader();
  private final ReadHandle reads = new ReadHandle();
  private final Runnable flush = this::flush;

  private @Nullable ChannelHandlerContext context;
  private @Nullable PooledAttempt attempt;
  private @Nullable ChannelFuture sent;
  private @Nullable String lostBecause;
  private boolean hasHead;
  private boolean streams;
  private boolean persistent;
  private boolean used;
  private boolean saidGoodbye;
  private long sentAtNanos;
  private long idleSinceNanos;

  UpstreamConnection(UpstreamPool pool, Endpoint endpoint) {
    this.pool = pool;
    this.endpoint = endpoint;
    this.writer = new RequestWriter(endpoint);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  ReadHandle reads() {
    return reads;
  }

  /** What comes now comes chunk by chunk, and needs these. */
  void need(Prefetch chunk) {
    chunk.add(this);
    chunk.add(context());
    chunk.add(reader);
    reads.need(context().pipeline(), chunk);
  }

  Channel channel() {
    return context().channel();
  }

  boolean isUsable() {
    return channel().isActive() && !saidGoodbye;
  }

  /** Whether it has carried a request. */
  boolean isUsed() {
    return used;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void close() {
    channel().close();
  }

  void send(PooledAttempt next) {
    attempt = next;
    used = true;
    hasHead = false;
    streams = false;
    reader.expect();
    sentAtNanos = pool.now();
    sent = writer.write(next.request(), context());
    pool.atPassEnd(flush);
    context().read();
  }

  void readMore() {
    context().read();
  }

  /** Waits for an attempt, and sees the other side close. */
  void becomeIdle(long nowNanos) {
    idleSinceNanos = nowNanos;
    context().read();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    pool.clock().hold();
    try {
      read(ctx, (ByteBuf) message);
    } finally {
      pool.clock().goOn();
    }
  }

  private void read(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (attempt == null) {
      // Bytes that nobody asked for: whatever they are, the next answer here cannot be trusted.
      bytes.release();
      ctx.close();
    } else if (reader.read(bytes, this) > 0) {
      ctx.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    PooledAttempt current = attempt;
    if (current == null) {
      ctx.read();
    } else {
      if (hasHead && !streams) {
        streams = true;
        Acknowledgements.ofStream(ctx.channel(), current.isSentAtOnce());
      }
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
      pool.lost(this);
    } else if (reader.isInsideHead()) {
      current.fail(BAD_ANSWER, "closed the connection inside the head of its answer");
    } else if (!hasHead && wasLostAtOnce()) {
      current.lostAtOnce(lostBecause);
    } else if (!hasHead) {
      current.lostBeforeHead(lostBecause);
    } else if (lostBecause == null && endedItself() && reader.closed()) {
      current.complete();
    } else {
      current.fail(STREAM_BROKEN, "closed the connection in mid-answer");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause.getCause() instanceof SSLException tls) {
      lostBecause(noTls(tls));
    } else {
      lostBecause("broke off the connection before it answered");
    }
    ctx.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake
        && handshake.cause() instanceof SSLException tls) {
      lostBecause(noTls(tls));
    } else if (event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
      // It may leave the connection open, but says nothing more and need not read.
      saidGoodbye = true;
      ctx.close();
    }
  }

  @Override
  public void head(ResponseHead head) {
    hasHead = true;
    persistent = head.persistent();
    if (attempt != null) {
      attempt.head(head.status(), head.headers());
    }
  }

  @Override
  public void body(ByteBuf bytes) {
    if (attempt == null) {
      bytes.release();
    } else {
      attempt.content(bytes);
    }
  }

  @Override
  public void end() {
    PooledAttempt ended = attempt;
    attempt = null;
    reads.needNothing();
    if (ended == null) {
      return;
    }
    if (persistent && isSent() && !ended.isOver() && isUsable()) {
      pool.giveBack(this);
    } else {
      close();
    }
    ended.complete();
  }

  @Override
  public void unusable(String what) {
    PooledAttempt broken = attempt;
    attempt = null;
    close();
    if (broken != null) {
      broken.fail(BAD_ANSWER, what);
    }
  }

  /** Why it is lost, unless that is known, or the other side closed in good manner. */
  private void lostBecause(String why) {
    if (lostBecause == null && !saidGoodbye) {
      lostBecause = why;
    }
  }

  private static String noTls(SSLException cause) {
    // The message of the one is all that came.
    return cause instanceof NotSslRecordException
        ? "sent what is not TLS"
        : "could not agree on TLS: " + cause.getMessage();
  }

  /** Over TLS whoever is between can end the connection, but not say so (RFC 9112, section 9.8). */
  private boolean endedItself() {
    return endpoint.security() == Security.PLAIN || saidGoodbye;
  }

  private boolean wasLostAtOnce() {
    return !reader.wasInformed() && pool.now() - sentAtNanos < STALE_WITHIN_NANOS;
  }

  /** An answer may come before its request is sent, the rest of which the next would wait for. */
  private boolean isSent() {
    return sent != null && sent.isSuccess();
  }

  private void flush() {
    context().flush();
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }
}
