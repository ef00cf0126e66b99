package dev.spillway.app.replay;

import dev.spillway.simulator.report.Outcome.Kind;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads one streamed answer as a strict client does, and says whether it is whole.
 *
 * <p>Whole means: a {@code finish_reason}, then {@code [DONE]}. An error event is an honest end;
 * any other end is a silent cut.
 */
final class AnswerCheck implements SseSink {
  private static final int MOST_EVENT_BYTES = 1 << 20;

  private final SseScanner scanner = new SseScanner(MOST_EVENT_BYTES);
  private long firstNanos = -1;
  private long lastNanos = -1;
  private long chunks;
  private long outputTokens = -1;
  private boolean finished;
  private boolean done;
  private boolean error;
  private boolean garbage;

  /** Reads to the end; an exception of the connection is an end like any other. */
  void read(InputStream body, byte[] buffer) {
    try {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        if (scanner.feed(buffer, 0, read, this) == SseScanner.Fed.EVENT_TOO_LONG) {
          garbage = true;
          return;
        }
      }
      scanner.end(this);
    } catch (IOException e) {
      // The connection broke: what was seen until now says how the answer ended.
      garbage |= scanner.pendingBytes() > 0;
    }
  }

  @Override
  public void event(SseEvent event) {
    switch (event.kind()) {
      case CHUNK -> {
        if (event.chunk().hasContent()) {
          lastNanos = System.nanoTime();
          firstNanos = firstNanos < 0 ? lastNanos : firstNanos;
          chunks++;
        }
        finished |= event.chunk().finishedChoices() > 0;
        if (event.chunk().hasUsage()) {
          outputTokens = event.chunk().usage().outputTokens();
        }
      }
      case DONE -> done = true;
      case ERROR -> error = true;
      case MALFORMED -> garbage = true;
      case HEARTBEAT, UNKNOWN -> {}
    }
  }

  Kind kind() {
    if (finished && done && !error && !garbage) {
      return Kind.WHOLE;
    }
    if (firstNanos < 0) {
      return Kind.FAILED;
    }
    return error ? Kind.CUT : Kind.CUT_SILENTLY;
  }

  long firstNanos() {
    return firstNanos;
  }

  /** By the answer's own count if it gave one, else by its chunks. */
  long outputTokens() {
    return outputTokens >= 0 ? outputTokens : chunks;
  }

  long nanosPerToken() {
    return outputTokens() < 2 ? 0 : (lastNanos - firstNanos) / (outputTokens() - 1);
  }
}
