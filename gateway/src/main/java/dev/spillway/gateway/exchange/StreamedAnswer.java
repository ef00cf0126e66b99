package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.FinishedChoices;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer of chat, or of completions: whole events go on, each looked at once.
 *
 * <p>Events before the first content are held: until then another deployment may still answer. The
 * answer is whole when every choice has its {@code finish_reason}; the provider's {@code [DONE]} is
 * replaced by our own, which is sent only then, and a usage that the client asked for and nobody
 * told is told by us.
 */
final class StreamedAnswer implements AnswerReader, SseSink {
  private static final int FIRST_ROOM_BYTES = 512;
  private static final int COPIED = -1;

  /** Of events that are held until content comes: a few hundred bytes for each choice. */
  private static final int MOST_PRELUDE_BYTES = 1 << 20;

  private final Meaning meaning;
  private final ProviderErrors errors;
  private final ByteBufAllocator allocator;
  private final byte[] scratch;
  private final SseScanner scanner;
  private final Passage passage;
  private final FinishedChoices finished;
  private final StreamUsage usage;
  private final long maxOutputTokens;
  private final long echoedBytes;
  private final boolean usageAsked;

  private @Nullable ByteBuf out;
  private @Nullable Trouble trouble;
  private boolean hasContent;
  private boolean done;
  private boolean over;

  private long contentBytes;
  private long signsOfLife;

  /** How much of this read goes on so far, all of it from its beginning; or what does is copied. */
  private int asItIs = COPIED;

  /**
   * Reads one attempt's stream.
   *
   * @param scratch of the event loop; bytes are copied here to be scanned
   */
  StreamedAnswer(ScannedRequest request, Passage passage, Scratch scratch, Via via) {
    this.meaning = via.meaning();
    this.errors = via.errors();
    this.allocator = via.allocator();
    this.scratch = scratch.bytes();
    this.passage = passage;
    this.finished = new FinishedChoices(request.choices());
    this.usage = new StreamUsage(request.choices());
    this.maxOutputTokens = request.maxOutputTokens();
    this.echoedBytes = request.echoedBytes();
    this.usageAsked = request.has(Feature.USAGE_CHUNK);
    this.scanner = scratch.scanner(request.operation(), via.maxEventBytes());
  }

  /** A read whose events all go on as they are goes on as it is; of any other, a copy does. */
  @Override
  public void content(ByteBuf bytes) {
    boolean kept = false;
    try {
      while (bytes.isReadable() && trouble == null && !done && !over) {
        int length = Math.min(bytes.readableBytes(), scratch.length);
        bytes.getBytes(bytes.readerIndex(), scratch, 0, length);
        asItIs = out == null && scanner.pendingBytes() == 0 ? 0 : COPIED;
        if (scanner.feed(scratch, 0, length, this) == SseScanner.Fed.EVENT_TOO_LONG) {
          unfit(Trouble.of(BAD_ANSWER, "sent an event that is longer than is taken"));
        }
        if (asItIs == bytes.readableBytes() && hasContent && Room.isAroundWithoutWaste(bytes)) {
          out = bytes;
          kept = true;
          break;
        }
        copyWhatWasAsItIs();
        bytes.skipBytes(length);
      }
    } finally {
      asItIs = COPIED;
      if (!kept) {
        bytes.release();
      }
    }
    send();
  }

  @Override
  public void readComplete() {
    if (done || usage.isSummedUp()) {
      finish();
    }
  }

  @Override
  public boolean lacksOnlyItsEnd() {
    return isWhole() && !over && trouble == null;
  }

  @Override
  public boolean lacksChoices() {
    return finished.isAny() && !finished.isAll() && !finished.isAnyOpen();
  }

  @Override
  public void endNow() {
    finish();
  }

  @Override
  public boolean endsAtLength() {
    if (over || !hasContent || !passage.shown().hasAllItsTokens(maxOutputTokens)) {
      return false;
    }
    meaning.relay(StreamEnd.length(passage, allocator));
    finish();
    return true;
  }

  @Override
  public AnswerType type() {
    return passage.fold() == null ? AnswerType.EVENTS : AnswerType.JSON;
  }

  @Override
  public Passage passage() {
    return passage;
  }

  @Override
  public void complete() {
    if (over) {
      return;
    }
    scanner.end(this);
    if (isWhole()) {
      finish();
    } else {
      fail(Trouble.of(STREAM_BROKEN, "ended the stream without a finish_reason"));
    }
  }

  @Override
  public void event(SseEvent event) {
    if (done || trouble != null) {
      return;
    }
    switch (event.kind()) {
      case CHUNK -> chunk(event);
      case DONE -> unfit(Trouble.of(STREAM_BROKEN, "sent [DONE] without a finish_reason"));
      case ERROR -> unfit(errors.in(event, hasContent));
      case MALFORMED -> unfit(Trouble.of(BAD_ANSWER, "sent an event that is not JSON"));
      case HEARTBEAT -> {
        if (hasContent) {
          passOn(event);
        }
      }
      case UNKNOWN -> {
        if (!event.isPing()) {
          unfit(Trouble.of(BAD_ANSWER, "sent an event that is none of a chat answer"));
        }
      }
    }
  }

  @Override
  public long contentBytes() {
    return Math.max(0, contentBytes - echoedBytes);
  }

  @Override
  public long signsOfLife() {
    return signsOfLife;
  }

  @Override
  public void release() {
    over = true;
    if (out != null) {
      out.release();
      out = null;
    }
  }

  private void chunk(SseEvent event) {
    ChunkFacts facts = event.chunk();
    contentBytes += facts.contentBytes();
    finished.add(facts);
    hasContent |= facts.hasContent() || facts.hasReasoning() || facts.finishedChoices() > 0;
    signsOfLife += hasContent && facts.isOfTheModel() ? 1 : 0;
    if (facts.hasUsage()) {
      usage.add(facts, finished);
    }
    switch (passage.pass(event)) {
      case Repaired.AsItIs _ -> passOn(event);
      case Repaired.Replaced(ByteSlice with) -> append(with.array(), with.offset(), with.length());
      case Repaired.Dropped _ -> {}
    }
    String unfit = passage.failure();
    if (unfit != null) {
      trouble = Trouble.of(BAD_ANSWER, unfit);
    }
    done |= passage.isOver();
  }

  /** Also where the rest ended at a stop string that began before it: no reason is told then. */
  private boolean isWhole() {
    return done || finished.isAll();
  }

  /** It ends here; what was whole before stays so. */
  private void unfit(Trouble what) {
    if (finished.isAll()) {
      done = true;
    } else {
      trouble = what;
    }
  }

  private void passOn(SseEvent event) {
    if (event.place() == SseEvent.Place.INPUT && event.offset() == asItIs) {
      asItIs += event.length();
    } else {
      append(event.array(), event.offset(), event.length());
    }
  }

  private void append(byte[] bytes, int offset, int length) {
    copyWhatWasAsItIs();
    copy(bytes, offset, length);
  }

  private void copyWhatWasAsItIs() {
    int length = asItIs;
    asItIs = COPIED;
    if (length > 0) {
      copy(scratch, 0, length);
    }
  }

  private void copy(byte[] bytes, int offset, int length) {
    if (out == null) {
      out = Room.around(allocator, Math.max(length, FIRST_ROOM_BYTES));
    }
    if (!hasContent && out.readableBytes() > MOST_PRELUDE_BYTES - length) {
      trouble = Trouble.of(BAD_ANSWER, "sent event after event, and none with content");
    } else {
      out.writeBytes(bytes, offset, length);
    }
  }

  /** What became whole goes on, unless it is held because no content came yet. */
  private void send() {
    ByteBuf ready = out;
    if (hasContent && ready != null && !over) {
      out = null;
      meaning.firstContent();
      meaning.relay(ready);
    }
    if (trouble != null) {
      fail(trouble);
    }
  }

  private void finish() {
    if (over) {
      return;
    }
    over = true;
    meaning.firstContent();
    meaning.relay(
        usageAsked && !usage.isOfAll()
            ? StreamEnd.doneWithUsage(passage, allocator)
            : StreamEnd.done(allocator));
    meaning.streamFinished(new Tokens(usage.soFar(), contentBytes(), passage.usage(usage.soFar())));
  }

  private void fail(Trouble what) {
    if (!over && !endsAtLength()) {
      over = true;
      meaning.notAnAnswer(what);
    }
  }
}
