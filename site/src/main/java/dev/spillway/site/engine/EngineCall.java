package dev.spillway.site.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One request at one engine, from its start to its last byte; one event loop.
 *
 * <p>Owns the body until an answer began or it is over. It counts against its engine's load until
 * then, and against what the engine has to read until the first content came; or, where that says
 * nothing of reading, for as long as reading is believed to take.
 */
public final class EngineCall {
  /**
   * A connection that was closed before a request was sent on it is lost as soon as that arrives.
   * What is lost later may have been at work on it.
   */
  private static final long STALE_WITHIN_NANOS = 1_000_000_000;

  private final EnginePool pool;
  private final Choice choice;
  private final Request request;
  private final EngineAnswer answer;
  private final long sentNanos;
  private final boolean alone;

  private @Nullable Channel channel;
  private @Nullable EngineConnection connection;
  private boolean reused;
  private boolean bodyHeld = true;
  private boolean unread;
  private boolean answered;
  private boolean paused;
  private boolean over;

  /**
   * What is sent.
   *
   * @param operation path and query behind the API's own, such as {@code /chat/completions}
   * @param reading what the beginning of its answer says
   * @param headers those to send, without the connection's own
   * @param body whoever is given this takes over its reference
   */
  public record Request(
      HttpMethod method, String operation, Reading reading, HttpHeaders headers, ByteBuf body) {}

  private EngineCall(
      EnginePool pool, Choice choice, Request request, EngineAnswer answer, long nowNanos) {
    this.pool = pool;
    this.choice = choice;
    this.request = request;
    this.answer = answer;
    this.sentNanos = nowNanos;
    this.unread = request.reading() == Reading.SEEN;
    this.alone = choice.isAlone(nowNanos);
  }

  /** Sends a request to the engine that was chosen; the pool's loop only. */
  public static EngineCall start(
      EnginePool pool, Choice choice, Request request, EngineAnswer answer, long nowNanos) {
    EngineCall call = new EngineCall(pool, choice, request, answer, nowNanos);
    choice.taken(request.reading(), nowNanos);
    EngineConnection idle = pool.takeIdle(call.address());
    if (idle == null) {
      pool.connect(call);
    } else {
      call.reused = true;
      call.send(idle);
    }
    return call;
  }

  /** Stops reading until {@link #resume}. */
  public void pause() {
    paused = true;
  }

  /** Reads on. */
  public void resume() {
    if (paused) {
      paused = false;
      if (connection != null && !over) {
        connection.readMore();
      }
    }
  }

  /** Closes its connection, so that the engine stops; nothing is told afterwards. */
  public void cancel() {
    if (!over) {
      end();
      if (channel != null) {
        channel.close();
      }
    }
  }

  EngineAddress address() {
    return choice.replica().address();
  }

  boolean isPaused() {
    return paused;
  }

  boolean isOver() {
    return over;
  }

  void connecting(Channel to) {
    channel = to;
  }

  void connected(EngineConnection fresh) {
    if (over) {
      fresh.channel().close();
    } else {
      send(fresh);
    }
  }

  /** Others are not to be sent where nobody is: probes would tell them after seconds only. */
  void notConnected() {
    if (!over) {
      choice.replica().gone(System.nanoTime());
      failed();
    }
  }

  /** Nothing came of an answer. */
  void lostBeforeHead() {
    if (reused && !over && System.nanoTime() - sentNanos < STALE_WITHIN_NANOS) {
      reused = false;
      connection = null;
      pool.connect(this);
    } else {
      failed();
    }
  }

  void head(int status, HttpHeaders headers) {
    releaseBody();
    answered = HttpStatusClass.valueOf(status) == HttpStatusClass.SUCCESS;
    if (!over) {
      answer.head(status, headers);
    }
  }

  void content(ByteBuf bytes) {
    if (over) {
      bytes.release();
      return;
    }
    if (unread) {
      read();
      if (alone && answered) { // whoever refuses has not read
        choice.readAlone(System.nanoTime() - sentNanos);
      }
    }
    answer.content(bytes);
  }

  void readComplete() {
    if (!over) {
      answer.readComplete();
    }
  }

  void complete() {
    if (!over) {
      end();
      answer.complete();
    }
  }

  void failed() {
    if (!over) {
      end();
      choice.replica().lost();
      answer.failed();
    }
  }

  private void send(EngineConnection through) {
    connection = through;
    channel = through.channel();
    ByteBuf body = request.body().retainedDuplicate();
    EngineAddress address = address();
    FullHttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, request.method(), address.basePath() + request.operation(), body);
    message.headers().set(request.headers());
    message.headers().set(HttpHeaderNames.HOST, address.authority());
    if (body.isReadable() || request.method().equals(HttpMethod.POST)) {
      HttpUtil.setContentLength(message, body.readableBytes());
    }
    through.send(this, message);
  }

  private void read() {
    unread = false;
    choice.read();
  }

  private void end() {
    over = true;
    if (unread) {
      read();
    }
    choice.ended(request.reading(), System.nanoTime());
    releaseBody();
  }

  private void releaseBody() {
    if (bodyHeld) {
      bodyHeld = false;
      request.body().release();
    }
  }
}
