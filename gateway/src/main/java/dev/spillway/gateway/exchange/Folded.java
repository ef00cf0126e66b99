package dev.spillway.gateway.exchange;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.aggregate.AnswerFold;
import dev.spillway.wire.aggregate.Taken;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way to a client that wants its answer all at once: what would be relayed is
 * folded into one JSON instead.
 */
final class Folded implements Passage, AnswerReader.Meaning {
  private final AnswerFold fold;
  private final Passage passage;
  private final AnswerReader.Meaning meaning;
  private @Nullable String unfit;
  private boolean noRoom;

  /**
   * Between two parts of a reader.
   *
   * @param fold what there is so far of the answer
   */
  Folded(AnswerFold fold, Passage passage, AnswerReader.Meaning meaning) {
    this.fold = fold;
    this.passage = passage;
    this.meaning = meaning;
  }

  @Override
  public Repaired pass(SseEvent event) {
    Repaired repaired = passage.pass(event);
    taken(fold.take(event, repaired));
    return repaired;
  }

  @Override
  public void own(ByteSlice event) {
    taken(fold.takeEvents(event));
  }

  @Override
  public boolean isOver() {
    return passage.isOver();
  }

  @Override
  public @Nullable String failure() {
    return unfit != null ? unfit : passage.failure();
  }

  @Override
  public Shown shown() {
    return passage.shown();
  }

  @Override
  public Usage usage(@Nullable Usage provider) {
    return passage.usage(provider);
  }

  @Override
  public @Nullable AnswerFold fold() {
    return fold;
  }

  @Override
  public void firstContent() {
    meaning.firstContent();
  }

  @Override
  public void relay(ByteBuf bytes) {
    bytes.release();
  }

  @Override
  public void streamFinished(Tokens tokens) {
    ByteSlice json = fold.answer(passage.shown().usage());
    meaning.whole(Unpooled.wrappedBuffer(json.array(), json.offset(), json.length()), tokens);
  }

  @Override
  public void whole(ByteBuf json, Tokens tokens) {
    throw new IllegalStateException("a stream does not come all at once");
  }

  @Override
  public void noRoom() {
    meaning.noRoom();
  }

  @Override
  public void notAnAnswer(Trouble trouble) {
    if (noRoom) {
      meaning.noRoom();
    } else {
      meaning.notAnAnswer(trouble);
    }
  }

  private void taken(Taken how) {
    switch (how) {
      case YES -> {}
      case TOO_LONG -> unfit = "sent an answer that is longer than is taken";
      case NO_ROOM -> {
        unfit = "sent an answer that there is no memory for";
        noRoom = true;
      }
    }
  }
}
