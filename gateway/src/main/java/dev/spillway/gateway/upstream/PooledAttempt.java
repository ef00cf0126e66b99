package dev.spillway.gateway.upstream;

import static dev.spillway.core.retry.AttemptFailure.Kind.UNREACHABLE;

import dev.spillway.core.retry.AttemptFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An attempt from its start to its last byte, over one connection, or two if the first was stale.
 *
 * <p>Owns the request, body and all, until an answer began or the attempt is over: a stream lives
 * long, and of thousands nothing should be held that nobody will send any more.
 */
final class PooledAttempt implements Attempt {
  private final UpstreamPool pool;
  private final Upstream to;
  private final Answer answer;

  private @Nullable AttemptRequest request;
  private @Nullable Channel channel;
  private @Nullable UpstreamConnection connection;
  private boolean reused;
  private boolean paused;
  private boolean over;

  PooledAttempt(UpstreamPool pool, Upstream to, AttemptRequest request, Answer answer) {
    this.pool = pool;
    this.to = to;
    this.request = request;
    this.answer = answer;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    if (paused) {
      paused = false;
      if (connection != null) {
        connection.readMore();
      }
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      end();
      if (channel != null) {
        channel.close();
      }
    }
  }

  @Override
  public void need(Prefetch chunk) {
    if (connection != null && !over) {
      chunk.add(this);
      connection.need(chunk);
    }
  }

  /** Over a connection that was open already; if it has served before, it may prove stale. */
  void startOver(UpstreamConnection idle) {
    reused = idle.isUsed();
    send(idle);
  }

  void startAnew() {
    if (!over) {
      pool.connect(this);
    }
  }

  Endpoint endpoint() {
    return to.endpoint();
  }

  AttemptRequest request() {
    return Objects.requireNonNull(request, "an answer to it began, or it is over");
  }

  /** Whether its answer's parts are. */
  boolean isSentAtOnce() {
    return to.dialect().sendsAtOnce();
  }

  boolean isPaused() {
    return paused;
  }

  void connecting(Channel to) {
    channel = to;
  }

  void connected(UpstreamConnection fresh) {
    if (over) {
      fresh.close();
    } else {
      send(fresh);
    }
  }

  void unreachable(String why) {
    fail(UNREACHABLE, why);
  }

  /** The connection is gone without a byte, as soon as the request was sent. */
  void lostAtOnce(@Nullable String because) {
    if (reused && !over) {
      reused = false;
      connection = null;
      pool.connect(this);
    } else {
      lostBeforeHead(because);
    }
  }

  /** The connection is gone before an answer came. */
  void lostBeforeHead(@Nullable String because) {
    fail(UNREACHABLE, because == null ? "closed the connection before it answered" : because);
  }

  void head(int status, HttpHeaders headers) {
    releaseRequest();
    if (!over) {
      answer.head(status, headers);
    }
  }

  void content(ByteBuf bytes) {
    if (over) {
      bytes.release();
    } else {
      answer.content(bytes);
    }
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

  void fail(AttemptFailure.Kind kind, String what) {
    if (!over) {
      end();
      answer.failed(UpstreamPool.failure(kind, to, what));
    }
  }

  boolean isOver() {
    return over;
  }

  private void send(UpstreamConnection through) {
    connection = through;
    channel = through.channel();
    through.send(this);
  }

  private void end() {
    over = true;
    releaseRequest();
  }

  private void releaseRequest() {
    AttemptRequest held = request;
    if (held != null) {
      request = null;
      held.body().release();
    }
  }
}
