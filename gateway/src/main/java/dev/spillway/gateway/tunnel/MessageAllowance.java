package dev.spillway.gateway.tunnel;

/**
 * How many messages an agent may send on a control connection: four a second, and 32 at once, which
 * is as much as may have waited while hub or agent stood still. An agent that does what it should
 * sends one a second, and one or two more when it is given a policy bundle.
 *
 * <p>One event loop.
 */
final class MessageAllowance {
  static final int AT_ONCE = 32;
  private static final double A_SECOND = 4;
  private static final double NANOS = 1e9;

  private double left = AT_ONCE;
  private long atNanos;

  MessageAllowance(long nowNanos) {
    this.atNanos = nowNanos;
  }

  /** Whether one more may be heard now. */
  boolean takes(long nowNanos) {
    left = Math.min(AT_ONCE, left + (nowNanos - atNanos) * A_SECOND / NANOS);
    atNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
