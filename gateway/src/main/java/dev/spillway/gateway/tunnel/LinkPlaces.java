package dev.spillway.gateway.tunnel;

import io.netty.channel.Channel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Bounds how many links an agent has at once: whoever was let in holds no stranger's place, and
 * each link costs a file descriptor, TLS and HTTP/2. All loops share it.
 */
final class LinkPlaces {
  /**
   * Of an agent, by its key. One that runs has 33 at the most; another may run beside it for an
   * upgrade, and those of either that died unseen count for seconds.
   */
  static final int MOST = 128;

  private final ConcurrentMap<AgentTrust.Agent, Integer> taken = new ConcurrentHashMap<>();

  /** Takes a place for as long as the link is open; false if there is none for this agent. */
  boolean take(AgentTrust.Agent agent, Channel link) {
    if (taken.merge(agent, 1, Integer::sum) > MOST) {
      leave(agent);
      return false;
    }
    link.closeFuture().addListener(closed -> leave(agent));
    return true;
  }

  private void leave(AgentTrust.Agent agent) {
    taken.computeIfPresent(agent, (any, links) -> links == 1 ? null : links - 1);
  }
}
