package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.INVALID_REQUEST;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.wire.chat.AnswerScan;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;
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
  private final @Nullable OwnCount count;
  private final ByteBufAllocator allocator;
  private final int maxBytes;
  private final LongBodies.OfLoop longBodies;
  private final HeldBody body;

  /**
   * Reads one attempt's answer.
   *
   * @param naming gives responses our ids; null if there are none to give
   * @param count is told where the provider tells none; null if nobody waits for any
   */
  WholeAnswer(
      Operation operation, @Nullable ResponseIdEdit naming, @Nullable OwnCount count, Via via) {
    this.meaning = via.meaning();
    this.errors = via.errors();
    this.operation = operation;
    this.naming = naming;
    this.count = count;
    this.allocator = via.allocator();
    this.maxBytes = via.maxEventBytes();
    this.longBodies = via.longBodies();
    this.body = new HeldBody(via);
  }

  /**
   * What was read of it.
   *
   * @param counted how it becomes the same with our own count; null if it is to stay as it is
   */
  private record Reading(AnswerScan scan, @Nullable Splice counted) {}

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
      tell(all, read(json));
    }
  }

  private boolean isReadElsewhere(ByteSlice json) {
    body.lend();
    boolean elsewhere = longBodies.read(() -> read(json), this::readElsewhere);
    if (!elsewhere) {
      body.back();
    }
    return elsewhere;
  }

  private Reading read(ByteSlice json) {
    AnswerScan scan = AnswerScan.of(operation, json);
    return new Reading(
        scan,
        count != null && scan instanceof AnswerScan.Whole whole && whole.usage() == null
            ? count.in(json, tokens(whole))
            : null);
  }

  private void readElsewhere(@Nullable Reading reading, @Nullable Throwable failure) {
    if (!body.back()) {
      return;
    }
    ByteBuf all = body.bytes();
    if (reading == null || all == null) {
      fail(Trouble.of(BAD_ANSWER, "sent an answer that cannot be read: " + failure));
    } else {
      tell(all, reading);
    }
  }

  private void tell(ByteBuf all, Reading reading) {
    switch (reading.scan()) {
      case AnswerScan.Whole whole -> {
        body.take();
        Splice counted = reading.counted();
        ByteBuf goes = counted == null ? named(all) : spliced(all, counted);
        meaning.whole(goes, tokens(whole));
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
    return spliced(all, naming.body(slice(all)));
  }

  private ByteBuf spliced(ByteBuf all, Splice splice) {
    ByteBuf other = Spliced.copy(splice, slice(all), allocator);
    all.release();
    return other;
  }

  private Tokens tokens(AnswerScan.Whole whole) {
    long echoed = count == null ? 0 : count.echoedBytes();
    return new Tokens(whole.usage(), Math.max(0, whole.contentBytes() - echoed));
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
