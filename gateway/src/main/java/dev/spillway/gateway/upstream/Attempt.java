package dev.spillway.gateway.upstream;

/** One attempt's stream, as its owner holds it; event loop only. */
public interface Attempt {
  /** Stops reading until {@link #resume}: this is the back-pressure. */
  void pause();

  /** Reads on. */
  void resume();

  /** Closes the stream, so that the engine stops; nothing is told afterwards. */
  void cancel();

  /** The answer comes chunk by chunk now, and each needs these objects. */
  void need(Prefetch chunk);
}
