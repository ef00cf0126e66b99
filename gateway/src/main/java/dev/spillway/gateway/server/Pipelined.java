package dev.spillway.gateway.server;

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

  private final Deque<HttpObject> waiting = new ArrayDeque<>();
  private boolean takingUp;

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes over one more; whether no more are to be read until some are taken up. */
  boolean add(HttpObject object) {
    waiting.add(object);
    return waiting.size() >= MOST;
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
        reader.accept(waiting.removeFirst());
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
  }
}
