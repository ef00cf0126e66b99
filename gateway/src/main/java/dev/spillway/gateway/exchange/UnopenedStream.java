package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import dev.spillway.wire.chat.AnswerType;
import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request for a stream, before its first byte: that alone shows what it is. Its head
 * does not: some name an error or a page after what was asked for, and some a stream after
 * anything.
 *
 * <p>An event begins with the name of a field, a comment or a byte order mark; blank lines before
 * it mean nothing.
 */
final class UnopenedStream implements AnswerReader {
  private static final String BEGINNINGS = ":deir\u00EF";

  private final Meaning meaning;
  private final @Nullable AnswerType type;
  private final AnswerReader stream;
  private final Supplier<AnswerReader> otherwise;

  /**
   * Of nothing yet.
   *
   * @param type what its head says that it is; null if nothing that is known
   * @param stream reads it if it is one
   * @param otherwise makes what reads it if it is none
   */
  UnopenedStream(
      Meaning meaning,
      @Nullable AnswerType type,
      AnswerReader stream,
      Supplier<AnswerReader> otherwise) {
    this.meaning = meaning;
    this.type = type;
    this.stream = stream;
    this.otherwise = otherwise;
  }

  @Override
  public AnswerReader opened(ByteBuf next) {
    int first = next.forEachByte(UnopenedStream::isBlank);
    if (first < 0) {
      return this;
    }
    return BEGINNINGS.indexOf(next.getUnsignedByte(first)) < 0 ? otherwise.get() : stream;
  }

  @Override
  public void content(ByteBuf blank) {
    blank.release();
  }

  @Override
  public void complete() {
    meaning.notAnAnswer(
        type == AnswerType.EVENTS
            ? Trouble.of(STREAM_BROKEN, "ended the stream before its first event")
            : Trouble.of(BAD_ANSWER, "an empty body"));
  }

  @Override
  public AnswerType type() {
    return stream.type();
  }

  @Override
  public void release() {
    stream.release();
  }

  private static boolean isBlank(byte each) {
    return each == '\n' || each == '\r' || each == ' ' || each == '\t';
  }
}
