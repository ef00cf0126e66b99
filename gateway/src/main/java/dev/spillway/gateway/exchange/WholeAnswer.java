package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.INVALID_REQUEST;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.wire.chat.AnswerScan;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.kept.ResponseIdEdit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** An answer that comes all at once: nothing of it is sent before it was seen to be whole. */
final class WholeAnswer implements AnswerReader {
  private final Meaning meaning;
  private final ProviderErrors errors;
  private final Operation operation;
  private final @Nullable ResponseIdEdit naming;
  private final ByteBufAllocator allocator;
  private final int maxBytes;
  private final LongBodies.OfLoop longBodies;
  private final HeldBody body;

  /**
   * Reads one attempt's answer.
   *
   * @param naming gives responses our ids; null if there are none to give
   */
  WholeAnswer(Operation operation, @Nullable ResponseIdEdit naming, Via via) {
    this.meaning = via.meaning();
    this.errors = via.errors();
    this.operation = operation;
    this.naming = naming;
    this.allocator = via.allocator();
    this.maxBytes = via.maxEventBytes();
    this.longBodies = via.longBodies();
    this.body = new HeldBody(via);
  }

  @Override
  public void content(ByteBuf bytes) {
    try {
      switch (body.add(bytes)) {
        case YES -> {}
        case TOO_LONG -> fail(tooLong(body.bytes()));
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
    if (all == null) {
      return;
    }
    ByteSlice json = slice(all);
    if (json.length() <= LongBodies.LONG_BYTES || !isReadElsewhere(json)) {
      tell(all, AnswerScan.of(operation, json));
    }
  }

  private boolean isReadElsewhere(ByteSlice json) {
    body.lend();
    boolean elsewhere = longBodies.read(() -> AnswerScan.of(operation, json), this::readElsewhere);
    if (!elsewhere) {
      body.back();
    }
    return elsewhere;
  }

  private void readElsewhere(@Nullable AnswerScan scan, @Nullable Throwable failure) {
    if (!body.back()) {
      return;
    }
    ByteBuf all = body.bytes();
    if (scan == null || all == null) {
      fail(Trouble.of(BAD_ANSWER, "sent an answer that cannot be read: " + failure));
    } else {
      tell(all, scan);
    }
  }

  private void tell(ByteBuf all, AnswerScan scan) {
    switch (scan) {
      case AnswerScan.Whole(var usage, int contentBytes) -> {
        body.take();
        meaning.whole(named(all), new Tokens(usage, contentBytes));
      }
      case AnswerScan.Begun _ -> {
        body.take();
        meaning.whole(named(all), Tokens.LATER);
      }
      case AnswerScan.ErrorInside _ -> fail(errors.inPlaceOfAnAnswer(slice(all)));
      case AnswerScan.NotAnAnswer(var why) -> fail(Trouble.of(BAD_ANSWER, why));
    }
  }

  @Override
  public AnswerType type() {
    return AnswerType.JSON;
  }

  @Override
  public void release() {
    body.release();
  }

  private ByteBuf named(ByteBuf all) {
    if (naming == null) {
      return all;
    }
    ByteSlice json = slice(all);
    ByteBuf named = Spliced.copy(naming.body(json), json, allocator);
    all.release();
    return named;
  }

  /** A chat is never so long; of vectors and images, the client says how many it wants. */
  private Trouble tooLong(@Nullable ByteBuf begun) {
    String what = "sent an answer of more than " + maxBytes + " bytes";
    boolean isObject = begun != null && begun.isReadable() && begun.getByte(0) == '{';
    if (operation.isGenerative() || !isObject) {
      return Trouble.of(BAD_ANSWER, what);
    }
    String words =
        "The answer is longer than %d bytes, the most that this hub takes. Ask for less at once."
            .formatted(maxBytes);
    return new Trouble(
        new AttemptFailure(INVALID_REQUEST, what, null),
        200,
        ErrorKind.INVALID_VALUE.because(words).error());
  }

  private void fail(Trouble trouble) {
    release();
    meaning.notAnAnswer(trouble);
  }

  static ByteSlice slice(ByteBuf heap) {
    return new ByteSlice(
        heap.array(), heap.arrayOffset() + heap.readerIndex(), heap.readableBytes());
  }
}
