package dev.spillway.gateway.tunnel;

import static dev.spillway.core.retry.AttemptFailure.Kind.MISCONFIGURED;
import static dev.spillway.core.retry.AttemptFailure.Kind.RATE_LIMITED;
import static dev.spillway.core.retry.AttemptFailure.Kind.REST_REFUSED;
import static dev.spillway.core.retry.AttemptFailure.Kind.UNREACHABLE;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.upstream.Answer;
import dev.spillway.gateway.upstream.Attempt;
import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.dialect.RetryAfter;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt over a site's links, from its start to its last byte: one stream, or two if the first
 * one's connection broke before an answer began.
 *
 * <p>Runs on its caller's loop. Owns the request's body until an answer began or it is over.
 */
final class TunnelAttempt implements Attempt {
  private final SiteLinks links;
  private final EventLoop caller;
  private final LinkRequest request;
  private final Answer answer;

  private @Nullable TunnelStream stream;
  private @Nullable Tunnel first;
  private boolean bodyHeld = true;
  private boolean paused;
  private boolean over;

  TunnelAttempt(SiteLinks links, EventLoop caller, LinkRequest request, Answer answer) {
    this.links = links;
    this.caller = caller;
    this.request = request;
    this.answer = answer;
  }

  @Override
  public void pause() {
    if (!paused) {
      paused = true;
      if (stream != null) {
        stream.pause();
      }
    }
  }

  @Override
  public void resume() {
    if (paused) {
      paused = false;
      if (stream != null) {
        stream.resume();
      }
    }
  }

  /** A link is read for many streams at once. */
  @Override
  public void need(Prefetch chunk) {}

  @Override
  public void cancel() {
    if (!over) {
      end();
      if (stream != null) {
        stream.cancel();
      }
    }
  }

  void start() {
    if (over) {
      return;
    }
    Http2Headers head = LinkHead.of(request);
    if (LinkHead.isTooLong(head)) {
      fail(REST_REFUSED, "was not asked: the request's head is longer than a link takes");
      return;
    }
    Tunnel tunnel = links.pick(request, caller, first);
    if (tunnel == null) {
      fail(UNREACHABLE, first == null ? "is not linked" : "lost its link before it answered");
      return;
    }
    tunnel.streamBegins();
    TunnelStream next = new TunnelStream(this, tunnel, caller);
    stream = next;
    if (paused) {
      next.pause();
    }
    next.start(head, request.request().body().retainedDuplicate());
  }

  /** Whether what this stream says is still of interest. */
  boolean hears(TunnelStream from) {
    return from.equals(stream);
  }

  /** The connection is gone before a byte of an answer came: once more, over another. */
  void lostBeforeHead(Tunnel tunnel) {
    if (over) {
      return;
    }
    if (first == null) {
      first = tunnel;
      start();
    } else {
      fail(UNREACHABLE, "lost its links before it answered");
    }
  }

  void head(Tunnel tunnel, int status, HttpHeaders headers) {
    if (over) {
      return;
    }
    String refusal = headers.get(LinkHeaders.REFUSAL);
    if (SiteRefusal.DRAINING.label().equals(refusal) && first == null) {
      drains(tunnel);
      return;
    }
    releaseBody();
    if (SiteRefusal.GONE.label().equals(refusal)) {
      links.refused(SiteRefusal.GONE); // and else a provider's 404 like any other
      answer.head(status, headers);
    } else if (refusal != null) {
      refused(refusal, headers);
    } else {
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
    fail(kind, what, null);
  }

  private void fail(AttemptFailure.Kind kind, String what, @Nullable Duration retryAfter) {
    if (!over) {
      end();
      String where = request.deployment() + " at " + request.site() + " ";
      answer.failed(new AttemptFailure(kind, where + what, retryAfter));
    }
  }

  /** Its agent stops, and its heartbeat has not said so yet: another agent may be there. */
  private void drains(Tunnel tunnel) {
    links.refused(SiteRefusal.DRAINING);
    tunnel.agentDrains();
    TunnelStream ending = stream;
    if (ending != null) {
      ending.cancel();
    }
    first = tunnel;
    start();
  }

  /** The agent turned it away; no engine saw it. */
  private void refused(String label, HttpHeaders head) {
    SiteRefusal reason = SiteRefusal.ofLabel(label).orElse(SiteRefusal.UNKNOWN);
    links.refused(reason);
    AttemptFailure.Kind kind =
        switch (reason) {
          case QUEUE, FULL, DRAINING -> RATE_LIMITED;
          case ENGINE, NO_BUNDLE, BUNDLE_EXPIRED -> UNREACHABLE;
          case CLAUSE, UNKNOWN, GONE -> REST_REFUSED; // this request only: others it may take
          case UNSEALED, FORGED, STALE, MISPLACED -> MISCONFIGURED;
        };
    String clause = head.get(LinkHeaders.CLAUSE);
    TunnelStream ending = stream;
    fail(
        kind,
        "was refused there: " + label + (clause == null ? "" : " " + clause),
        RetryAfter.read(head::get, Instant.now()));
    if (ending != null) {
      ending.cancel();
    }
  }

  private void end() {
    over = true;
    releaseBody();
  }

  private void releaseBody() {
    if (bodyHeld) {
      bodyHeld = false;
      request.request().body().release();
    }
  }
}
