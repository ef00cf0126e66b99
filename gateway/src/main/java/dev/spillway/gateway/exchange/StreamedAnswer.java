package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.SERVER_ERROR;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import dev.spillway.wire.sse.StreamRepair;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer: whole events go on, each looked at once.
 *
 * <p>Events before the first content are held: until then another deployment may still answer. The
 * answer is whole when every choice has its {@code finish_reason}; the provider's {@code [DONE]} is
 * replaced by our own, which is sent only then.
 */
final class StreamedAnswer implements AnswerReader, SseSink {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Meaning meaning;
  private final ByteBufAllocator allocator;
  private final byte[] scratch;
  private final SseScanner scanner;
  private final StreamRepair repair;
  private final int choices;

  private @Nullable ByteBuf out;
  private @Nullable Usage usage;
  private @Nullable Trouble trouble;
  private boolean hasContent;
  private boolean done;
  private boolean over;
  private int finished;
  private long contentBytes;

  /**
   * Reads one attempt's stream.
   *
   * @param scratch of the event loop; bytes are copied here to be scanned
   */
  StreamedAnswer(ScannedRequest request, String requestId, byte[] scratch, Via via) {
    this.meaning = via.meaning();
    this.allocator = via.allocator();
    this.scratch = scratch;
    this.choices = request.choices();
    this.scanner = new SseScanner(via.maxEventBytes());
    UsageChunk asked = request.has(Feature.USAGE_CHUNK) ? UsageChunk.ASKED : UsageChunk.NOT_ASKED;
    this.repair = new StreamRepair(asked, "chatcmpl-" + requestId);
  }

  /** What a reader works with. */
  record Via(Meaning meaning, ByteBufAllocator allocator, int maxEventBytes) {}

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
    if (done) {
      finish();
    }
  }

  @Override
  public void complete() {
    if (over) {
      return;
    }
    scanner.end(this);
    if (finished >= choices) {
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
      case DONE -> done();
      case ERROR -> trouble = Trouble.of(SERVER_ERROR, "sent an error inside the stream");
      case MALFORMED -> trouble = Trouble.of(BAD_ANSWER, "sent an event that is not JSON");
      case HEARTBEAT -> {
        if (hasContent) {
          append(event.array(), event.offset(), event.length());
        }
      }
      case UNKNOWN -> {}
    }
  }

  @Override
  public long contentBytes() {
    return contentBytes;
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
    finished += facts.finishedChoices();
    hasContent |= facts.hasContent() || facts.hasReasoning() || facts.finishedChoices() > 0;
    if (facts.hasUsage()) {
      usage = facts.usage();
    }
    switch (repair.repair(event)) {
      case Repaired.AsItIs _ -> append(event.array(), event.offset(), event.length());
      case Repaired.Replaced(ByteSlice with) -> append(with.array(), with.offset(), with.length());
      case Repaired.Dropped _ -> {}
    }
  }

  private void done() {
    if (finished >= choices) {
      done = true;
    } else {
      trouble = Trouble.of(STREAM_BROKEN, "sent [DONE] without a finish_reason");
    }
  }

  private void append(byte[] bytes, int offset, int length) {
    if (out == null) {
      out = allocator.buffer(Math.max(length, 512));
    }
    out.writeBytes(bytes, offset, length);
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
    if (!over) {
      over = true;
      meaning.relay(allocator.buffer(DONE.length).writeBytes(DONE));
      meaning.streamFinished(new Tokens(usage, contentBytes));
    }
  }

  private void fail(Trouble what) {
    if (!over) {
      over = true;
      meaning.notAnAnswer(what);
    }
  }
}
