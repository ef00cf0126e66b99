package dev.spillway.control.sites;

import dev.spillway.core.bundle.BundleMaker;
import dev.spillway.core.bundle.SiteBundle;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.Contract;
import dev.spillway.wire.link.BundleJson;
import dev.spillway.wire.link.SignedBundle;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The policy bundles of the contract in force: made and signed when they are asked for, and again
 * when a third of their life is over. Who holds none gets one that was made just now: it may have
 * refused the one before (its clock was wrong), and takes no version twice.
 *
 * <p>A version is the time at which it was made, in milliseconds, or one more than the site holds
 * already: it grows from hub to hub and from start to start without being kept anywhere.
 */
public final class Bundles {
  /** A thousand agents who come at once, and hold none, are given one and the same. */
  private static final long JUST_NOW_MILLIS = 5_000;

  private final SiteKeys keys;
  private final Duration life;
  private final Clock clock;
  private final ConcurrentMap<Audience, Made> made = new ConcurrentHashMap<>();
  private volatile @Nullable InForce inForce;

  /**
   * What bundles are made of.
   *
   * @param version of the contract, any text
   */
  public record InForce(
      Topology topology, List<Tenant> tenants, Contract contract, String version) {}

  private record Audience(SiteId site, List<TenantId> tenants) {}

  private record Made(InForce of, long version, SignedBundle bundle) {}

  /**
   * None yet.
   *
   * @param life how long a site serves by one, more than zero
   */
  public Bundles(SiteKeys keys, Duration life, Clock clock) {
    this.keys = keys;
    this.life = life;
    this.clock = clock;
  }

  /** Puts a contract in force. */
  public void put(InForce contract) {
    inForce = contract;
  }

  /** How often sites are given a new one. */
  public Duration every() {
    return life.dividedBy(3);
  }

  /**
   * The bundle of a site.
   *
   * @param tenants whom the agent may serve; empty for all
   * @param held the version it holds: the answer is newer
   * @return null if there is no such site
   */
  public @Nullable SignedBundle bundle(SiteId site, List<TenantId> tenants, long held) {
    InForce now = inForce;
    if (now == null) {
      return null;
    }
    Optional<Site> here =
        now.topology().sites().stream().filter(each -> each.id().equals(site)).findFirst();
    if (here.isEmpty()) {
      return null;
    }
    return made.compute(
            new Audience(site, tenants),
            (audience, last) ->
                isGood(last, now, held) ? last : make(now, here.get(), tenants, held, last))
        .bundle();
  }

  private boolean isGood(@Nullable Made last, InForce now, long held) {
    return last != null
        && last.of().equals(now)
        && last.version() > held
        && clock.millis() - last.version() < (held == 0 ? JUST_NOW_MILLIS : every().toMillis());
  }

  private Made make(
      InForce now, Site site, List<TenantId> tenants, long held, @Nullable Made last) {
    long before = Math.max(held, last == null ? 0 : last.version());
    long version = Math.max(clock.millis(), before + 1);
    SiteBundle bundle =
        new BundleMaker(
                now.topology(),
                site,
                now.tenants(),
                tenants,
                tenant -> keys.seal().pseudonym(site.id(), tenant))
            .make(
                now.contract(),
                now.version(),
                version,
                clock.instant().plus(life).getEpochSecond());
    SignedBundle signed = SignedBundle.sign(BundleJson.write(bundle), keys.policy());
    return new Made(now, version, signed);
  }
}
