package dev.spillway.site.identity;

import dev.spillway.core.model.SiteId;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.JoinToken;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks hubs for certificates, one after another, until one of them decides; blocks.
 *
 * <p>Replicas of a hub keep one store, so that what one decides they all would: a token that is
 * used up, an agent that was revoked. One that cannot be reached, hangs, is another's hub or has no
 * time says nothing about this agent: the next one is asked.
 */
public final class HubDoors {
  /** How long one hub may take to answer, unless another time is said. */
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final Supplier<List<HubAddress>> hubs;
  private final @Nullable HttpProxy proxy;
  private final InstantSource clock;
  private final Duration within;

  /**
   * The doors of the hubs that are known.
   *
   * @param hubs at least one, in the order in which they are asked; looked at for each asking
   * @param proxy an HTTP proxy that leads there; null if none is needed
   * @param clock by which the hubs' certificates are judged
   */
  public HubDoors(Supplier<List<HubAddress>> hubs, @Nullable HttpProxy proxy, InstantSource clock) {
    this(hubs, proxy, clock, WITHIN);
  }

  /** The same, each of which may take so long, in all, to answer. */
  public HubDoors(
      Supplier<List<HubAddress>> hubs,
      @Nullable HttpProxy proxy,
      InstantSource clock,
      Duration within) {
    this.hubs = hubs;
    this.proxy = proxy;
    this.clock = clock;
    this.within = within;
  }

  /**
   * Joins with a key: shows the token to hubs that the token describes and to no others. If an
   * answer is lost, the token is good for the same key still.
   *
   * @throws EnrolmentException if none of them can be reached, or one refuses
   * @throws InterruptedException if the calling thread was interrupted
   */
  public SiteIdentity join(JoinToken token, SiteId site, KeyPair key)
      throws EnrolmentException, InterruptedException {
    return ask(door -> door.join(token, site, key));
  }

  /**
   * Gets the next certificate for the same key.
   *
   * @throws EnrolmentException if none of them can be reached, or one refuses
   * @throws InterruptedException if the calling thread was interrupted
   */
  public SiteIdentity renew(SiteIdentity old) throws EnrolmentException, InterruptedException {
    return ask(door -> door.renew(old));
  }

  private SiteIdentity ask(Asking asking) throws EnrolmentException, InterruptedException {
    List<EnrolmentException> said = new ArrayList<>();
    for (HubAddress each : hubs.get()) {
      try {
        return asking.at(new HubDoor(each, proxy, clock, within));
      } catch (EnrolmentException e) {
        said.add(e);
        if (e.isDefinite()) {
          break;
        }
      }
    }
    throw EnrolmentException.of(said);
  }

  private interface Asking {
    SiteIdentity at(HubDoor door) throws EnrolmentException, InterruptedException;
  }
}
