package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;

import dev.spillway.wire.aggregate.EventFold;
import dev.spillway.wire.aggregate.Taken;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.sse.SseEvent;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Events of an answer that its client wants all at once: they are folded into one JSON, which is
 * looked at as if the provider had sent it so.
 */
final class FoldedEvents implements EventOutlet {
  private final EventFold fold;
  private final AnswerReader whole;
  private final AnswerReader.Meaning meaning;
  private boolean noRoom;

  /**
   * Of one attempt.
   *
   * @param whole reads the JSON
   */
  FoldedEvents(EventFold fold, AnswerReader whole, AnswerReader.Meaning meaning) {
    this.fold = fold;
    this.whole = whole;
    this.meaning = meaning;
  }

  @Override
  public @Nullable Trouble take(SseEvent event, boolean carriesId, boolean begun) {
    if (event.dataLength() == 0) {
      return null; // a heartbeat
    }
    Taken taken =
        fold.take(new ByteSlice(event.dataArray(), event.dataOffset(), event.dataLength()));
    noRoom = taken == Taken.NO_ROOM;
    return switch (taken) {
      case YES -> null;
      case TOO_LONG -> Trouble.of(BAD_ANSWER, "sent an answer that is longer than is taken");
      case NO_ROOM -> Trouble.of(BAD_ANSWER, "sent an answer that there is no memory for");
    };
  }

  @Override
  public void send() {
    meaning.firstContent();
  }

  @Override
  public void finish(Tokens tokens) {
    ByteSlice json = fold.answer();
    fold.release();
    if (json == null) {
      meaning.notAnAnswer(Trouble.of(BAD_ANSWER, "sent events that make no answer together"));
      return;
    }
    whole.content(Unpooled.wrappedBuffer(json.array(), json.offset(), json.length()));
    whole.complete();
  }

  @Override
  public void fail(Trouble trouble) {
    if (noRoom) {
      meaning.noRoom();
    } else {
      meaning.notAnAnswer(trouble);
    }
  }

  @Override
  public AnswerType type() {
    return AnswerType.JSON;
  }

  @Override
  public void release() {
    fold.release();
    whole.release();
  }
}
