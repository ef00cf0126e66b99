package dev.spillway.simulator.live;

/**
 * A request that cannot be answered; caught where requests come in, and answered with its error.
 */
final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ApiError error;

  RequestRefused(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
