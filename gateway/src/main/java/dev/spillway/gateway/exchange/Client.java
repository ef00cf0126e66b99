package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;

/** Who asked, as the exchange sees it; event loop only. */
public interface Client {
  /** Sends the head of a streamed answer. */
  void begin(Labels labels);

  /** Sends bytes of a streamed answer; takes over the reference. */
  void write(ByteBuf bytes);

  /** Lets what was written go. */
  void flush();

  /** Adds what it deals with a chunk by. */
  void addTo(Prefetch chunk);

  /** Whether the client takes what it is sent; if not, {@link Exchange#clientWritable} follows. */
  boolean isWritable();

  /** The streamed answer is whole. */
  void complete();

  /**
   * Sends a whole JSON answer; takes over the reference.
   *
   * @param held its memory, to be closed when it is sent
   */
  void whole(ByteBuf json, Labels labels, AnswerMemory.Share held);

  /** Says no; nothing was sent before. */
  void refuse(Refusal refusal, Labels labels);

  /** Ends a streamed answer that is not whole, so that it cannot be taken for one. */
  void breakOff(Refusal refusal);
}
