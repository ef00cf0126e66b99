package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;

import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.kept.ResponseIdEdit;
import dev.spillway.wire.sse.SseEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Events that go on to the client to the byte, but for the ids in them. Those before the answer
 * begins are held: until then another deployment may still answer.
 */
final class RelayedEvents implements EventOutlet {
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final AnswerReader.Meaning meaning;
  private final ByteBufAllocator allocator;
  private final int mostPreludeBytes;
  private final @Nullable ResponseIdEdit naming;

  private @Nullable ByteBuf out;

  /**
   * Of one attempt.
   *
   * @param naming gives responses our ids; null if there are none to give
   */
  RelayedEvents(@Nullable ResponseIdEdit naming, Via via) {
    this.meaning = via.meaning();
    this.allocator = via.allocator();
    this.mostPreludeBytes = via.maxEventBytes();
    this.naming = naming;
  }

  @Override
  public @Nullable Trouble take(SseEvent event, boolean carriesId, boolean begun) {
    if (out == null) {
      out = allocator.buffer(Math.max(event.length(), 512));
    }
    if (!begun && out.readableBytes() > mostPreludeBytes - event.length()) {
      return Trouble.of(BAD_ANSWER, "sent event after event, and none with content");
    }
    if (naming != null && carriesId) {
      appendNamed(event, naming, out);
    } else {
      out.writeBytes(event.array(), event.offset(), event.length());
    }
    return null;
  }

  @Override
  public void send() {
    ByteBuf ready = out;
    if (ready != null) {
      out = null;
      meaning.firstContent();
      meaning.relay(ready);
    }
  }

  @Override
  public void finish(Tokens tokens) {
    meaning.streamFinished(tokens);
  }

  @Override
  public void fail(Trouble trouble) {
    meaning.notAnAnswer(trouble);
  }

  @Override
  public AnswerType type() {
    return AnswerType.EVENTS;
  }

  @Override
  public void release() {
    if (out != null) {
      out.release();
      out = null;
    }
  }

  /** The same event, but for the ids in its data. */
  private static void appendNamed(SseEvent event, ResponseIdEdit naming, ByteBuf out) {
    ByteSlice data = new ByteSlice(event.dataArray(), event.dataOffset(), event.dataLength());
    int end = event.offset() + event.length();
    if (event.hasDataInPlace()) {
      int dataEnd = event.dataOffset() + event.dataLength();
      out.writeBytes(event.array(), event.offset(), event.dataOffset() - event.offset());
      Spliced.write(naming.event(data), data, out);
      out.writeBytes(event.array(), dataEnd, end - dataEnd);
    } else {
      // Data of several lines, joined by line feeds, which in JSON are nothing but space.
      int from = out.writeBytes(DATA).writerIndex();
      Spliced.write(naming.event(data), data, out);
      for (int i = from; i < out.writerIndex(); i++) {
        out.setByte(i, out.getByte(i) == '\n' ? ' ' : out.getByte(i));
      }
      out.writeBytes(END_OF_EVENT);
    }
  }
}
