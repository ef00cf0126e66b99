package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.chat.AnswerType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one attempt's answer and says what it means; event loop only. The defaults are
 * those of one of which nothing is told before all of it came.
 */
interface AnswerReader extends Prefetch.Wide {
  /** See {@link #endWithinNanos}. */
  long END_WITHIN_NANOS = 250_000_000;

  /** What reads these bytes, which come next, and all after them: itself, once that is clear. */
  default AnswerReader opened(ByteBuf next) {
    return this;
  }

  /** More of the body; takes over the reference. */
  void content(ByteBuf bytes);

  /** What was there to read has been told. */
  default void readComplete() {}

  /** The body ended as its framing said. */
  void complete();

  /** What the client is told that it gets. */
  default AnswerType type() {
    return AnswerType.EVENTS;
  }

  /** UTF-8 bytes of answer read so far, from which tokens are guessed if nobody counts them. */
  default long contentBytes() {
    return 0;
  }

  /** Grows with everything read that shows the model at work; heartbeats do not. */
  default long signsOfLife() {
    return 0;
  }

  /** Whether all of the answer came, and only what ends it is awaited. */
  default boolean lacksOnlyItsEnd() {
    return false;
  }

  /**
   * Whether what came is whole but for choices of which nothing comes: asked for one, it would be
   * all of the answer.
   */
  default boolean lacksChoices() {
    return false;
  }

  /** How long what ends it is awaited: usually it comes with it. */
  default long endWithinNanos() {
    return END_WITHIN_NANOS;
  }

  /** What ends it is awaited no longer. */
  default void endNow() {}

  /**
   * It broke off: ends it all the same, if it has all the tokens that the client allows it, so that
   * the provider would have added nothing but that.
   *
   * @return whether it is ended now
   */
  default boolean endsAtLength() {
    return false;
  }

  /** Which way its chunks go on, and what is kept of them; null if they cannot be gone on with. */
  default @Nullable Passage passage() {
    return null;
  }

  /** Lets go of what it holds; nothing is said afterwards. */
  void release();

  /** What an answer can mean; all but the first two end the attempt. */
  interface Meaning {
    /** The answer has begun: the next bytes are for the client. */
    void firstContent();

    /** Bytes for the client; takes over the reference. */
    void relay(ByteBuf bytes);

    /** A streamed answer is whole. */
    void streamFinished(Tokens tokens);

    /** An answer that does not stream is whole; takes over the reference. */
    void whole(ByteBuf json, Tokens tokens);

    /** There is no memory to hold it in until all of it came; whoever else were asked. */
    void noRoom();

    /** It is not an answer, or not all of one. */
    void notAnAnswer(Trouble trouble);
  }

  /** Adds what it deals with a chunk by. */
  default void addTo(Prefetch chunk) {
    chunk.add(this);
    Passage passage = passage();
    if (passage != null) {
      passage.addTo(chunk);
    }
  }

  @Override
  default boolean touch() {
    return lacksOnlyItsEnd();
  }
}
