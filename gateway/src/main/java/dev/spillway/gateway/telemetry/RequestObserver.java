package dev.spillway.gateway.telemetry;

/** Is told of each request at its end, on the request's event loop; must not block. */
@FunctionalInterface
public interface RequestObserver {
  /** A request is over. */
  void ended(RequestRecord request);

  /** How many requests it was told of and could not keep; only ever grows. */
  default long dropped() {
    return 0;
  }
}
