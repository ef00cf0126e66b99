package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How one running agent is linked, for metrics and people.
 *
 * @param site as which it serves
 * @param instance which of the site's agents
 * @param connections open connections for requests
 * @param streams requests on them
 * @param control whether the control connection is up
 * @param roundTripMicros of the connection that answered a ping last; below 0 if none did
 * @param heartbeatAgeMillis how old the last heartbeat is; below 0 if there was none
 * @param clockOffsetMillis how far its clock was ahead of ours when that came, less the way of the
 *     message; 0 if there was none
 * @param heartbeat what it said; null if nothing yet
 */
public record LinkStatus(
    SiteId site,
    String instance,
    int connections,
    int streams,
    boolean control,
    long roundTripMicros,
    long heartbeatAgeMillis,
    long clockOffsetMillis,
    @Nullable Heartbeat heartbeat) {
  static LinkStatus of(AgentLinks links, long nowNanos) {
    AgentLinks.Said said = links.said();
    return new LinkStatus(
        links.agent().site(),
        links.instance(),
        links.tunnels().size(),
        links.tunnels().stream().mapToInt(Tunnel::streams).sum(),
        links.control() != null,
        links.tunnels().stream().mapToLong(Tunnel::roundTripMicros).max().orElse(-1),
        said == null ? -1 : TimeUnit.NANOSECONDS.toMillis(nowNanos - said.atNanos()),
        said == null ? 0 : said.clockOffsetMillis(),
        said == null ? null : said.heartbeat());
  }
}
