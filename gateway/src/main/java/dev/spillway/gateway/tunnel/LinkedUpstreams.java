package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.SiteId;
import dev.spillway.gateway.upstream.Answer;
import dev.spillway.gateway.upstream.Attempt;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.Endpoint;
import dev.spillway.gateway.upstream.Linked;
import dev.spillway.gateway.upstream.SiteNote;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.gateway.upstream.Upstreams;
import io.netty.channel.EventLoop;

/**
 * Makes attempts where they lead: to an address, or over the links of a site; one event loop's own.
 *
 * <p>The queue that is expected at a site is the longer of what this hub sent there and what the
 * site's agents said last: another replica of the hub may send there, too.
 *
 * <p>Nothing of a provider's credential goes over a link: an agent asks for none.
 */
public final class LinkedUpstreams implements Upstreams {
  private final EventLoop loop;
  private final Upstreams direct;
  private final SiteLinks links;

  /**
   * Of a loop.
   *
   * @param direct for those that have an address
   */
  public LinkedUpstreams(EventLoop loop, Upstreams direct, SiteLinks links) {
    this.loop = loop;
    this.direct = direct;
    this.links = links;
  }

  @Override
  public Attempt open(Upstream to, AttemptRequest request, Answer answer) {
    return switch (to.place()) {
      case Endpoint _ -> direct.open(to, request, answer);
      case Linked(var site) -> links.open(loop, over(site, to, request), answer);
    };
  }

  private LinkRequest over(SiteId site, Upstream to, AttemptRequest request) {
    SiteNote note = request.note();
    long queueMicros = links.leastQueueMicros(site, to.deployment());
    return new LinkRequest(
        site,
        to.deployment(),
        request,
        links.owner().sealedFor(note.sealedFacts(), site, to.deployment()),
        note.inputTokens(),
        Math.max(note.expectedQueueMicros(), queueMicros),
        note.keptBy());
  }
}
