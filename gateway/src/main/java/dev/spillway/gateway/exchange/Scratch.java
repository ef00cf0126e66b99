package dev.spillway.gateway.exchange;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;

/**
 * What an event loop reads streams with, one read at a time: bytes into which what was read is
 * copied to be scanned, and the events that scanners tell. Nothing is kept in it from one read to
 * the next.
 *
 * <p>Why shared: in the processor's caches it is warm, whichever of a thousand streams is read.
 */
public final class Scratch {
  private static final int BYTES = 64 << 10;

  private final byte[] bytes = new byte[BYTES];
  private final SseEvent chat = new SseEvent(SseScanner.Data.CHAT);
  private final SseEvent completions = new SseEvent(SseScanner.Data.COMPLETIONS);
  private final SseEvent other = new SseEvent(SseScanner.Data.LEFT_TO_CALLER);

  byte[] bytes() {
    return bytes;
  }

  /** Of chat, or of completions. */
  SseScanner scanner(Operation operation, int maxEventBytes) {
    return scanner(
        operation == Operation.CHAT_COMPLETIONS
            ? SseScanner.Data.CHAT
            : SseScanner.Data.COMPLETIONS,
        maxEventBytes);
  }

  SseScanner scanner(SseScanner.Data data, int maxEventBytes) {
    return new SseScanner(
        maxEventBytes,
        switch (data) {
          case CHAT -> chat;
          case COMPLETIONS -> completions;
          case LEFT_TO_CALLER -> other;
        });
  }
}
