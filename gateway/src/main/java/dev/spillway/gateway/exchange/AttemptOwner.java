package dev.spillway.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** Who made an attempt, and is told on its event loop what becomes of it. */
interface AttemptOwner {
  /** Its answer begins: what follows is for the client. */
  void firstContent(RunningAttempt from);

  /** Bytes for the client; takes over the reference. */
  void relay(RunningAttempt from, ByteBuf bytes);

  /** What was there to read has been told. */
  void flush();

  /** The streamed answer is whole. */
  void streamFinished(RunningAttempt from, Tokens tokens);

  /** The answer is whole, all at once; takes over the reference. */
  void whole(RunningAttempt from, ByteBuf answer, Tokens tokens);

  /** There is no memory to hold its answer in. */
  void noRoom(RunningAttempt from);

  /** The attempt failed. */
  void failed(RunningAttempt from, Trouble trouble);

  /** It has had no content for so long that another may be made beside it. */
  void hedgeDue(RunningAttempt from);
}
