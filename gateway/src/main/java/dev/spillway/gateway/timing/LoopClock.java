package dev.spillway.gateway.timing;

import java.util.function.LongSupplier;

/**
 * The monotonic clock of one event loop, in nanoseconds: while the loop deals with what one read
 * brought, it is the time when that began.
 *
 * <p>Why: a dozen steps of a request ask what time it is, within microseconds, and each would ask
 * the processor.
 *
 * <p>Event loop only.
 */
public final class LoopClock implements LongSupplier {
  private final LongSupplier time;
  private long began;
  private boolean held;

  /** One that goes by this. */
  public LoopClock(LongSupplier time) {
    this.time = time;
  }

  @Override
  public long getAsLong() {
    return held ? began : time.getAsLong();
  }

  /** A read begins to be dealt with; {@link #goOn} must follow. */
  public void hold() {
    began = time.getAsLong();
    held = true;
  }

  /** It is dealt with. */
  public void goOn() {
    held = false;
  }
}
