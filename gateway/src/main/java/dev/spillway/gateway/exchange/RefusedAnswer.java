package dev.spillway.gateway.exchange;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** An answer whose status is not 200: the beginning of its body says what it means. */
final class RefusedAnswer implements AnswerReader {
  /** Its words tell kinds of refusal apart, and may be a lost packet behind its head. */
  private static final long END_WITHIN_NANOS = 1_000_000_000;

  private final Meaning meaning;
  private final ProviderErrors errors;
  private final int status;
  private @Nullable ByteBuf body;

  RefusedAnswer(int status, Via via) {
    this.meaning = via.meaning();
    this.errors = via.errors();
    this.status = status;
    this.body = via.allocator().heapBuffer(512);
  }

  @Override
  public void content(ByteBuf bytes) {
    try {
      if (body == null) {
        return;
      }
      int room = ProviderErrors.MOST_BYTES - body.readableBytes();
      body.writeBytes(bytes, Math.min(room, bytes.readableBytes()));
      if (bytes.isReadable()) {
        complete();
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void complete() {
    ByteBuf all = body;
    if (all == null) {
      return;
    }
    body = null;
    Trouble trouble = errors.withStatus(status, WholeAnswer.slice(all));
    all.release();
    meaning.notAnAnswer(trouble);
  }

  /** Its status says that it is none; its words may never come, or not all of them. */
  @Override
  public boolean lacksOnlyItsEnd() {
    return body != null;
  }

  @Override
  public long endWithinNanos() {
    return END_WITHIN_NANOS;
  }

  @Override
  public void endNow() {
    complete();
  }

  @Override
  public void release() {
    if (body != null) {
      body.release();
      body = null;
    }
  }
}
