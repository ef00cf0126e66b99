package dev.spillway.wire.sse;

/** Takes the events of a stream, in order. */
public interface SseSink {
  /** A whole event came; it is valid until this method returns. */
  void event(SseEvent event);
}
