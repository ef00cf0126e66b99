package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.events.EventReading;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer of an API other than chat: whole events go on, each read once.
 *
 * <p>It is whole when the provider has said so, in the way of its API; how the connection ends
 * proves nothing.
 */
final class EventsAnswer implements AnswerReader, SseSink {
  private final ProviderErrors errors;
  private final byte[] scratch;
  private final SseScanner scanner;
  private final EventReading reading;
  private final EventOutlet outlet;

  private @Nullable Trouble trouble;
  private boolean begun;
  private boolean finished;
  private boolean over;
  private long signsOfLife;

  /**
   * Reads one attempt's stream.
   *
   * @param outlet where its events go
   * @param scratch of the event loop; bytes are copied here to be scanned
   */
  EventsAnswer(EventReading reading, EventOutlet outlet, Scratch scratch, Via via) {
    this.errors = via.errors();
    this.scratch = scratch.bytes();
    this.scanner = scratch.scanner(SseScanner.Data.LEFT_TO_CALLER, via.maxEventBytes());
    this.reading = reading;
    this.outlet = outlet;
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
      case DONE -> done(event);
      case ERROR -> trouble = errors.in(event, begun);
      case UNKNOWN -> read(event);
      case CHUNK, MALFORMED ->
          throw new IllegalStateException("the scanner read an event: " + event.kind());
    }
  }

  @Override
  public AnswerType type() {
    return outlet.type();
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
    return reading.hasAll() && !over && trouble == null;
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
    outlet.release();
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

  private void done(SseEvent event) {
    boolean goesOn = reading.done();
    if (!reading.isWhole()) {
      trouble = Trouble.of(STREAM_BROKEN, "sent [DONE] before the answer was whole");
      return;
    }
    finished = true;
    if (goesOn) {
      begun = true;
      append(event);
    }
  }

  private void append(SseEvent event) {
    Trouble found = outlet.take(event, reading.carriesId(), begun);
    trouble = trouble == null ? found : trouble;
  }

  /** What became whole goes on, unless it is held because the answer has not begun. */
  private void send() {
    if (begun && !over) {
      outlet.send();
    }
    if (trouble != null) {
      fail(trouble);
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      outlet.finish(new Tokens(reading.usage(), reading.contentBytes()));
    }
  }

  private void fail(Trouble what) {
    if (!over) {
      over = true;
      outlet.fail(what);
    }
  }
}
