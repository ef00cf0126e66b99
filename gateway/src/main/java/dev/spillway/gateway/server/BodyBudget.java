package dev.spillway.gateway.server;

import java.util.concurrent.atomic.AtomicLong;

/** Memory for the bodies of all requests together; shared by all loops. */
public final class BodyBudget {
  private final AtomicLong leftBytes;

  /** So many, at least one. */
  public BodyBudget(long bytes) {
    leftBytes = new AtomicLong(bytes);
  }

  /** Takes bytes if they are all there. */
  boolean tryTake(long bytes) {
    if (leftBytes.addAndGet(-bytes) >= 0) {
      return true;
    }
    leftBytes.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    leftBytes.addAndGet(bytes);
  }
}
