package dev.spillway.core.health;

/** An attempt, as far as a verdict on its deployment depends on it. */
public interface Sent {
  /**
   * Whether it is a probe. While one is awaited it alone decides: an answer that began before the
   * deployment fell ill, and ends now, says nothing of new ones.
   */
  boolean isProbe();

  /** When it was sent, on the monotonic clock. */
  long sentNanos();
}
