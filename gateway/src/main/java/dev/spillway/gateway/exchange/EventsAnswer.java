package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import dev.spillway.wire.events.EventReading;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.kept.ResponseIdEdit;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer of an API other than chat: whole events go on to the byte, each read once.
 *
 * <p>Events before the answer begins are held: until then another deployment may still answer. It
 * is whole when the provider has said so, in the way of its API; how the connection ends proves
 * nothing.
 */
final class EventsAnswer implements AnswerReader, SseSink {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Meaning meaning;
  private final ProviderErrors errors;
  private final ByteBufAllocator allocator;
  private final byte[] scratch;
  private final SseScanner scanner;
  private final int mostPreludeBytes;
  private final EventReading reading;
  private final @Nullable ResponseIdEdit naming;

  private @Nullable ByteBuf out;
  private @Nullable Trouble trouble;
  private boolean begun;
  private boolean finished;
  private boolean over;
  private long signsOfLife;

  /**
   * Reads one attempt's stream.
   *
   * @param scratch of the event loop; bytes are copied here to be scanned
   * @param naming gives responses our ids; null if there are none to give
   */
  EventsAnswer(EventReading reading, @Nullable ResponseIdEdit naming, Scratch scratch, Via via) {
    this.meaning = via.meaning();
    this.errors = via.errors();
    this.allocator = via.allocator();
    this.scratch = scratch.bytes();
    this.scanner = scratch.scanner(SseScanner.Data.LEFT_TO_CALLER, via.maxEventBytes());
    this.mostPreludeBytes = via.maxEventBytes();
    this.reading = reading;
    this.naming = naming;
  }

  @Override
  public void content(ByteBuf bytes) {
    try {
      while (bytes.isReadable() && trouble == null && !over) {
        int length = Math.min(bytes.readableBytes(), scratch.length);
        bytes.readBytes(scratch, 0, length);
        if (scanner.feed(scratch, 0, length, this) == SseScanner.Fed.EVENT_TOO_LONG) {
          trouble = Trouble.of(BAD_ANSWER, "sent an event that is longer than is taken");
        }
      }
    } finally {
      bytes.release();
    }
    send();
  }

  @Override
  public void readComplete() {
    if (finished) {
      finish();
    }
  }

  @Override
  public void complete() {
    if (over) {
      return;
    }
    scanner.end(this);
    if (reading.isWhole()) {
      begun = true;
      send();
      finish();
    } else {
      fail(Trouble.of(STREAM_BROKEN, "ended the stream without saying that it is whole"));
    }
  }

  @Override
  public void event(SseEvent event) {
    if (finished || trouble != null) {
      return;
    }
    switch (event.kind()) {
      case HEARTBEAT -> {
        if (begun) {
          append(event);
        }
      }
      case DONE -> done();
      case ERROR -> trouble = errors.in(event, begun);
      case UNKNOWN -> read(event);
      case CHUNK, MALFORMED ->
          throw new IllegalStateException("the scanner read an event: " + event.kind());
    }
  }

  @Override
  public long contentBytes() {
    return reading.contentBytes();
  }

  @Override
  public long signsOfLife() {
    return signsOfLife;
  }

  @Override
  public boolean lacksOnlyItsEnd() {
    return reading.isWhole() && !over && trouble == null;
  }

  @Override
  public void endNow() {
    begun = true;
    send();
    finish();
  }

  @Override
  public void release() {
    over = true;
    if (out != null) {
      out.release();
      out = null;
    }
  }

  private void read(SseEvent event) {
    switch (reading.read(event.dataArray(), event.dataOffset(), event.dataLength())) {
      case PRELUDE -> append(event);
      case OPENING -> {
        signsOfLife++;
        append(event);
      }
      case CONTENT -> {
        begun = true;
        signsOfLife++;
        append(event);
      }
      case LAST -> {
        begun = true;
        signsOfLife++;
        append(event);
        finished = true;
      }
      case WITHHELD -> {}
      case ERROR -> trouble = errors.in(event, begun);
      case MALFORMED -> trouble = Trouble.of(BAD_ANSWER, "sent an event that is not JSON");
    }
  }

  private void done() {
    if (reading.isWhole()) {
      finished = true;
    } else {
      trouble = Trouble.of(STREAM_BROKEN, "sent [DONE] before the answer was whole");
    }
  }

  private void append(SseEvent event) {
    if (out == null) {
      out = allocator.buffer(Math.max(event.length(), 512));
    }
    if (!begun && out.readableBytes() > mostPreludeBytes - event.length()) {
      trouble = Trouble.of(BAD_ANSWER, "sent event after event, and none with content");
      return;
    }
    if (naming != null && reading.carriesId()) {
      appendNamed(event, naming, out);
    } else {
      out.writeBytes(event.array(), event.offset(), event.length());
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

  /** What became whole goes on, unless it is held because the answer has not begun. */
  private void send() {
    ByteBuf ready = out;
    if (begun && ready != null && !over) {
      out = null;
      meaning.firstContent();
      meaning.relay(ready);
    }
    if (trouble != null) {
      fail(trouble);
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      if (reading.endsWithDone()) {
        meaning.relay(allocator.buffer(DONE.length).writeBytes(DONE));
      }
      meaning.streamFinished(new Tokens(reading.usage(), reading.contentBytes()));
    }
  }

  private void fail(Trouble what) {
    if (!over) {
      over = true;
      meaning.notAnAnswer(what);
    }
  }
}
