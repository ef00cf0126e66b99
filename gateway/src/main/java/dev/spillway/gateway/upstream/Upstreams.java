package dev.spillway.gateway.upstream;

/** Where attempts are made; one event loop's own. */
public interface Upstreams {
  /**
   * Starts an attempt and returns at once; tells {@code answer} on this loop, but never before this
   * method has returned.
   *
   * @param request its body's reference is taken over
   */
  Attempt open(Upstream to, AttemptRequest request, Answer answer);
}
