package dev.spillway.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** Reads the body of one attempt's answer and says what it means; event loop only. */
interface AnswerReader {
  /** More of the body; takes over the reference. */
  void content(ByteBuf bytes);

  /** What was there to read has been told. */
  void readComplete();

  /** The body ended as its framing said. */
  void complete();

  /** UTF-8 bytes of answer read so far, from which tokens are guessed if nobody counts them. */
  long contentBytes();

  /** Lets go of what it holds; nothing is said afterwards. */
  void release();

  /** What an answer can mean; the last three end the attempt. */
  interface Meaning {
    /** The answer has begun: the next bytes are for the client. */
    void firstContent();

    /** Bytes for the client; takes over the reference. */
    void relay(ByteBuf bytes);

    /** A streamed answer is whole. */
    void streamFinished(Tokens tokens);

    /** An answer that does not stream is whole; takes over the reference. */
    void whole(ByteBuf json, Tokens tokens);

    /** It is not an answer, or not all of one. */
    void notAnAnswer(Trouble trouble);
  }
}
