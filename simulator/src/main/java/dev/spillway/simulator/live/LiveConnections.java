package dev.spillway.simulator.live;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The open connections of one engine. Event loop only. */
final class LiveConnections {
  private final Map<Channel, Connection> open = new LinkedHashMap<>();
  private boolean draining;
  private boolean dead;
  private long requests;

  void opened(Channel channel, Connection connection) {
    if (dead) {
      channel.close();
    } else {
      open.put(channel, connection);
    }
  }

  void closed(Channel channel) {
    open.remove(channel);
  }

  boolean areNone() {
    return open.isEmpty();
  }

  boolean areDraining() {
    return draining;
  }

  long nextRequestNumber() {
    return ++requests;
  }

  /** Closes those that answer nothing now, and the others when they have answered. */
  void drain() {
    draining = true;
    for (var entry : List.copyOf(open.entrySet())) {
      if (entry.getValue().isIdle()) {
        entry.getKey().close();
      }
    }
  }

  /** Resets all of them, as a machine does that dies: no end of a stream, no more connections. */
  void reset() {
    dead = true;
    for (Channel channel : List.copyOf(open.keySet())) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }
}
