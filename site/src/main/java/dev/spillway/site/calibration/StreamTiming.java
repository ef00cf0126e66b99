package dev.spillway.site.calibration;

import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * When the parts of one streamed answer came.
 *
 * <p>Fed by one thread at a time, and asked when all of it is here.
 */
final class StreamTiming implements Consumer<byte[]>, SseSink {
  private static final int LONGEST_EVENT = 1 << 16;

  private final SseScanner scanner;
  private boolean broken;
  private long firstNanos;
  private long lastNanos;
  private int parts;
  private long inputTokens;
  private long outputTokens;

  StreamTiming(SseScanner.Data data) {
    this.scanner = new SseScanner(LONGEST_EVENT, data);
  }

  @Override
  public synchronized void accept(byte[] bytes) {
    if (!broken) {
      broken = scanner.feed(bytes, 0, bytes.length, this) == SseScanner.Fed.EVENT_TOO_LONG;
    }
  }

  @Override
  public void event(SseEvent event) {
    if (event.kind() != SseEvent.Kind.CHUNK) {
      return;
    }
    ChunkFacts chunk = event.chunk();
    if (chunk.hasContent() || chunk.hasReasoning() || (parts == 0 && chunk.finishedChoices() > 0)) {
      lastNanos = System.nanoTime();
      firstNanos = parts == 0 ? lastNanos : firstNanos;
      parts++;
    }
    if (chunk.hasUsage()) {
      inputTokens = chunk.usage().inputTokens();
      outputTokens = chunk.usage().outputTokens();
    }
  }

  /**
   * What there is to tell of it.
   *
   * @throws IOException if nothing of an answer came
   */
  synchronized Trial.Seen since(long sentNanos, Trial trial) throws IOException {
    if (broken || parts == 0) {
      throw new IOException("it answered, but with no stream of a chat");
    }
    return new Trial.Seen(
        inputTokens > 0 ? inputTokens : trial.promptTokens(),
        firstNanos - sentNanos,
        (outputTokens > 0 ? outputTokens : parts) - 1,
        lastNanos - firstNanos);
  }
}
