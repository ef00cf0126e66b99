package dev.spillway.site.engine;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Takes what comes back from an engine, on the event loop that asked: the head once, content any
 * number of times, then {@link #complete}; or {@link #failed} at any point, and nothing after it.
 */
public interface EngineAnswer {
  /** Status and headers. */
  void head(int status, HttpHeaders headers);

  /** Bytes of the body; takes over the reference. */
  void content(ByteBuf bytes);

  /** What was there to read has been told. */
  void readComplete();

  /** The body ended as its framing said it would. */
  void complete();

  /** There will be no more. */
  void failed();
}
