package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;

import dev.spillway.wire.chat.AnswerType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A transcript as text: nothing of it is sent before its framing said that it is whole. */
final class TextAnswer implements AnswerReader {
  private final AnswerType type;
  private final boolean framed;
  private final Meaning meaning;
  private final int maxBytes;
  private @Nullable ByteBuf body;

  /** Reads one attempt's answer; {@code framed} if its head says how it ends. */
  TextAnswer(AnswerType type, boolean framed, Via via) {
    this.type = type;
    this.framed = framed;
    this.meaning = via.meaning();
    this.maxBytes = via.maxEventBytes();
    this.body = via.allocator().buffer(1_024);
  }

  @Override
  public void content(ByteBuf bytes) {
    try {
      if (body == null) {
        return;
      }
      if (bytes.readableBytes() > maxBytes - body.readableBytes()) {
        fail("sent a transcript of more than " + maxBytes + " bytes");
      } else {
        body.writeBytes(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void complete() {
    ByteBuf all = body;
    if (all != null && framed) {
      body = null;
      meaning.whole(all, Tokens.guessed(all.readableBytes()));
    } else if (all != null) {
      fail("sent a transcript that has no end");
    }
  }

  @Override
  public AnswerType type() {
    return type;
  }

  @Override
  public void release() {
    if (body != null) {
      body.release();
      body = null;
    }
  }

  private void fail(String what) {
    release();
    meaning.notAnAnswer(Trouble.of(BAD_ANSWER, what));
  }
}
