package dev.spillway.site.relay;

import dev.spillway.site.guard.Guard.Refused;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The heads of what goes back to the hub: an engine's answers, and refusals. */
final class AnswerHead {
  private static final Set<String> TO_HUB =
      Set.of("content-type", "retry-after", "retry-after-ms", "x-request-id");

  private static final long NANOS_PER_MILLI = 1_000_000;

  private AnswerHead() {}

  /**
   * What the hub is told of an engine's.
   *
   * @param keptBy the replica that may keep the answer; null if that does not matter
   */
  static Http2Headers of(int status, HttpHeaders engines, @Nullable String keptBy) {
    Http2Headers head = new DefaultHttp2Headers().status(Integer.toString(status));
    for (String name : TO_HUB) {
      String value = engines.get(name);
      if (value != null) {
        head.set(name, value);
      }
    }
    if (engines.contains(HttpHeaderNames.CONTENT_LENGTH)
        || engines.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      head.set(LinkHeaders.FRAMED, "");
    }
    if (keptBy != null) {
      head.set(LinkHeaders.REPLICA, keptBy);
    }
    return head;
  }

  /** Of what the agent refused by itself. */
  static Http2Headers of(Refused refused) {
    SiteRefusal reason = refused.reason();
    Http2Headers head =
        new DefaultHttp2Headers()
            .status(Integer.toString(reason.status()))
            .set(LinkHeaders.REFUSAL, reason.label());
    if (refused.clause() != null) {
      head.set(LinkHeaders.CLAUSE, refused.clause());
    }
    Duration retryAfter = refused.retryAfter();
    if (retryAfter != null) {
      head.setLong("retry-after-ms", retryAfter.plusNanos(NANOS_PER_MILLI - 1).toMillis());
    }
    return head;
  }
}
