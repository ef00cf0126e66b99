package dev.spillway.gateway.telemetry;

import dev.spillway.wire.error.ErrorKind;

/**
 * Is told of each request at its end, on the request's event loop; must not block. There is no
 * record of those that were not let in: who asks, and for what, nobody had to know.
 */
@FunctionalInterface
public interface RequestObserver {
  /** A request is over. */
  void ended(RequestRecord request);

  /** A request was turned away at the door: by its head, its body, or for lack of room for it. */
  default void turnedAway(ErrorKind why) {}

  /** How many requests it was told of and could not keep; only ever grows. */
  default long dropped() {
    return 0;
  }
}
