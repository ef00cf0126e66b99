package dev.spillway.site.relay;

import dev.spillway.wire.link.LinkHeaders;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a request says, as it came.
 *
 * @param operation null if it is none that is served
 * @param deployment name of it; null if none was named
 * @param facts sealed; null if none came
 * @param requestId null if none came
 * @param streamed whether the hub asks for a stream: only then it accepts one
 * @param replica which one keeps what it goes on from or is about; null if that was not said
 * @param inputTokens estimated, at least 0
 * @param expectedQueueMicros the queue that the hub thought it would find, at least 0
 * @param bytes of its body, at least 0
 */
record RequestHead(
    @Nullable EngineOperation operation,
    @Nullable String deployment,
    @Nullable String facts,
    @Nullable String requestId,
    boolean streamed,
    @Nullable String replica,
    long inputTokens,
    long expectedQueueMicros,
    long bytes) {
  private static final String REQUEST_ID = "x-request-id";
  private static final String ACCEPT = "accept";
  private static final String STREAM = "text/event-stream";
  private static final Set<String> TO_ENGINE = Set.of("content-type", ACCEPT, REQUEST_ID);

  static RequestHead of(Http2Headers head) {
    return new RequestHead(
        EngineOperation.of(text(head.method()), text(head.path())),
        text(head.get(LinkHeaders.DEPLOYMENT)),
        text(head.get(LinkHeaders.FACTS)),
        text(head.get(REQUEST_ID)),
        STREAM.equals(text(head.get(ACCEPT))),
        text(head.get(LinkHeaders.REPLICA)),
        number(head, LinkHeaders.INPUT_TOKENS),
        number(head, LinkHeaders.EXPECTED_QUEUE),
        number(head, "content-length"));
  }

  /** What of it an engine is told. */
  static HttpHeaders toEngine(Http2Headers head) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String each : TO_ENGINE) {
      String value = text(head.get(each));
      if (value != null) {
        headers.set(each, value);
      }
    }
    return headers;
  }

  private static @Nullable String text(@Nullable CharSequence value) {
    return value == null ? null : value.toString();
  }

  /** At least 0; 0 if it is not there, or no number. */
  private static long number(Http2Headers head, String name) {
    return Math.max(0, head.getLong(name, 0));
  }
}
