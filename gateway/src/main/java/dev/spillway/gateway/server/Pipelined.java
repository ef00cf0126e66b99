package dev.spillway.gateway.server;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a client sent behind the request that is served: waits in its order, and is taken up one by
 * one. Event loop only. Owns what waits.
 */
final class Pipelined {
  /** Objects of later requests that are kept; reading goes on until then, to see the client go. */
  private static final int MOST = 32;

  /** Bytes of them, which nobody pays for: one more read may come on top. */
  private static final int MOST_BYTES = 64 << 10;

  private final Deque<HttpObject> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean takingUp;

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes over one more; whether no more are to be read until some are taken up. */
  boolean add(HttpObject object) {
    waiting.add(object);
    bytes += bytes(object);
    return isFull();
  }

  /** Whether no more are to be read. */
  boolean isFull() {
    return waiting.size() >= MOST || bytes >= MOST_BYTES;
  }

  /**
   * Gives them on, which are the reader's from then on, for as long as none must wait.
   *
   * <p>Whoever is answered in here comes by again: a thousand requests are a loop, and no stack.
   *
   * @return whether this was that loop; false from within it
   */
  boolean takeUp(BooleanSupplier mustWait, Consumer<HttpObject> reader) {
    if (takingUp) {
      return false;
    }
    takingUp = true;
    try {
      while (!mustWait.getAsBoolean() && !waiting.isEmpty()) {
        HttpObject next = waiting.removeFirst();
        bytes -= bytes(next);
        reader.accept(next);
      }
    } finally {
      takingUp = false;
    }
    return true;
  }

  /** Lets go of all of them. */
  void forget() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    bytes = 0;
  }

  private static long bytes(HttpObject object) {
    long content = object instanceof HttpContent piece ? piece.content().readableBytes() : 0;
    return object.decoderResult() instanceof HttpMessageDecoderResult head
        ? content + head.totalSize()
        : content;
  }
}
