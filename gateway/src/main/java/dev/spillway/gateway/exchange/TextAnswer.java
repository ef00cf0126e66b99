package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;

import dev.spillway.wire.chat.AnswerType;
import io.netty.buffer.ByteBuf;

/** A transcript as text: nothing of it is sent before its framing said that it is whole. */
final class TextAnswer implements AnswerReader {
  private final AnswerType type;
  private final boolean framed;
  private final Meaning meaning;
  private final int maxBytes;
  private final HeldBody body;

  /** Reads one attempt's answer; {@code framed} if its head says how it ends. */
  TextAnswer(AnswerType type, boolean framed, Via via) {
    this.type = type;
    this.framed = framed;
    this.meaning = via.meaning();
    this.maxBytes = via.maxEventBytes();
    this.body = new HeldBody(via);
  }

  @Override
  public void content(ByteBuf bytes) {
    try {
      switch (body.add(bytes)) {
        case YES -> {}
        case TOO_LONG -> fail("sent a transcript of more than " + maxBytes + " bytes");
        case NO_ROOM -> {
          body.release();
          meaning.noRoom();
        }
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void complete() {
    ByteBuf all = body.bytes();
    if (all != null && framed) {
      body.take();
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
    body.release();
  }

  private void fail(String what) {
    release();
    meaning.notAnAnswer(Trouble.of(BAD_ANSWER, what));
  }
}
