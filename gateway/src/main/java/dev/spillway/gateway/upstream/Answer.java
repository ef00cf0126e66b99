package dev.spillway.gateway.upstream;

import dev.spillway.core.retry.AttemptFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Takes what comes back from one attempt, on the event loop that made it.
 *
 * <p>In this order: {@link #head} once, {@link #content} any number of times, then {@link
 * #complete}; or {@link #failed} at any point, after which nothing follows.
 */
public interface Answer {
  /** The answer's status and headers; informational ones (1xx) are not told. */
  void head(int status, HttpHeaders headers);

  /** Bytes of its body; takes over the reference. */
  void content(ByteBuf bytes);

  /** What was there to read has been told: time to flush. */
  void readComplete();

  /** Its body ended as its framing said it would. */
  void complete();

  /** There will be no more. */
  void failed(AttemptFailure failure);
}
