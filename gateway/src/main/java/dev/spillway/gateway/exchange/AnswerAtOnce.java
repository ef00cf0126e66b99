package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;

import dev.spillway.wire.aggregate.AnswerUnfold;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.json.ByteSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What came all at once though a stream was asked for: a whole answer of chat or completions is
 * read as the stream that it would have been; all else is no answer, or an error.
 */
final class AnswerAtOnce implements AnswerReader {
  private final Operation operation;
  private final AnswerReader stream;
  private final WholeAnswer body;

  /**
   * Reads one attempt's answer.
   *
   * @param stream what a stream would have been read by
   */
  AnswerAtOnce(Operation operation, AnswerReader stream, Via via) {
    this.operation = operation;
    this.stream = stream;
    this.body = new WholeAnswer(operation, null, null, via.telling(new ToStream(via.meaning())));
  }

  @Override
  public void content(ByteBuf bytes) {
    body.content(bytes);
  }

  @Override
  public void complete() {
    body.complete();
  }

  @Override
  public boolean lacksChoices() {
    return stream.lacksChoices();
  }

  @Override
  public AnswerType type() {
    return stream.type();
  }

  @Override
  public long contentBytes() {
    return stream.contentBytes();
  }

  @Override
  public @Nullable Passage passage() {
    return stream.passage();
  }

  @Override
  public void release() {
    body.release();
    stream.release();
  }

  /** Turns a whole answer into the stream; all else is told as it is. */
  private final class ToStream implements Meaning {
    private final Meaning meaning;

    private ToStream(Meaning meaning) {
      this.meaning = meaning;
    }

    @Override
    public void whole(ByteBuf json, Tokens tokens) {
      if (!operation.hasUsageChunk()) {
        json.release();
        notAnAnswer(Trouble.of(BAD_ANSWER, "sent an answer at once where a stream was asked for"));
        return;
      }
      ByteSlice events = AnswerUnfold.events(operation, WholeAnswer.slice(json));
      json.release();
      stream.content(Unpooled.wrappedBuffer(events.array(), events.offset(), events.length()));
      stream.complete();
    }

    @Override
    public void noRoom() {
      meaning.noRoom();
    }

    @Override
    public void notAnAnswer(Trouble trouble) {
      meaning.notAnAnswer(trouble);
    }

    @Override
    public void firstContent() {
      throw new IllegalStateException("an answer that comes at once does not begin");
    }

    @Override
    public void relay(ByteBuf bytes) {
      bytes.release();
      throw new IllegalStateException("an answer that comes at once is not relayed");
    }

    @Override
    public void streamFinished(Tokens tokens) {
      throw new IllegalStateException("an answer that comes at once is no stream");
    }
  }
}
