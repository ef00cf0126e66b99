package dev.spillway.gateway.upstream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one event loop to one endpoint: those that were used, the latest last,
 * behind those that never were.
 */
final class IdleConnections {
  /** Below the 5 s after which SGLang's server closes a connection that has served. */
  private static final long USED_NANOS = Duration.ofSeconds(4).toNanos();

  /** Below the 60 s that nginx gives a connection to bring its first request. */
  private static final long UNUSED_NANOS = Duration.ofSeconds(50).toNanos();

  /** To close one takes the kernel some 10 us, for which everybody waits. */
  static final int MOST_AT_ONCE = 32;

  private final Deque<UpstreamConnection> connections = new ArrayDeque<>();

  void add(UpstreamConnection connection) {
    if (connection.isUsed()) {
      connections.addLast(connection);
    } else {
      connections.addFirst(connection);
    }
  }

  /** The latest; null if there is none. */
  @Nullable UpstreamConnection take() {
    UpstreamConnection latest = connections.pollLast();
    while (latest != null && !latest.isUsable()) {
      latest = connections.pollLast();
    }
    return latest;
  }

  void remove(UpstreamConnection connection) {
    connections.remove(connection);
  }

  boolean isEmpty() {
    return connections.isEmpty();
  }

  /** Closes some of those that are too old; whether there may be more. */
  boolean closeOld(long nowNanos) {
    int closed = 0;
    for (Iterator<UpstreamConnection> each = connections.iterator(); each.hasNext(); ) {
      UpstreamConnection connection = each.next();
      long limit = connection.isUsed() ? USED_NANOS : UNUSED_NANOS;
      if (nowNanos - connection.idleSinceNanos() >= limit) {
        if (closed++ == MOST_AT_ONCE) {
          return true;
        }
        each.remove();
        connection.close();
      }
    }
    return false;
  }
}
