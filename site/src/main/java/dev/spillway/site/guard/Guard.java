package dev.spillway.site.guard;

import dev.spillway.core.bundle.SiteBundle;
import dev.spillway.core.bundle.SitePolicy;
import dev.spillway.core.bundle.SitePolicy.Verdict;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.seal.Facts;
import dev.spillway.core.seal.Seal;
import dev.spillway.core.seal.SealKey;
import dev.spillway.wire.link.BundleJson;
import dev.spillway.wire.link.BundleRefusal;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteRefusal;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests by the sealed facts that came with them and the policy bundle in force.
 *
 * <p>A bundle comes into force if the hub's policy key signed it, it is for this site, it is newer
 * than the one in force and not too old, and it compiles; otherwise the one in force stays. A
 * request that is not allowed by name is refused. Shared by all loops.
 */
public final class Guard {
  /** Longer than a request may wait anywhere, with clocks ten minutes apart. */
  private static final long FACTS_GOOD_FOR_SECONDS = 3_600;

  private final SiteId site;
  private final PublicKey policyKey;
  private final SealKey sealKey;
  private final InstantSource clock;
  private final AtomicReference<@Nullable SitePolicy> inForce = new AtomicReference<>();

  /** Of all bundles that were truly ours, in force or not: versions only grow. */
  private final AtomicLong newest = new AtomicLong();

  private final Map<BundleRefusal, LongAdder> bundleRefusals = new EnumMap<>(BundleRefusal.class);
  private final Map<SiteRefusal, LongAdder> refusals = new EnumMap<>(SiteRefusal.class);

  /** One without a bundle, which refuses everything. */
  public Guard(SiteId site, PublicKey policyKey, SealKey sealKey, InstantSource clock) {
    this.site = site;
    this.policyKey = policyKey;
    this.sealKey = sealKey;
    this.clock = clock;
    for (SiteRefusal each : SiteRefusal.values()) {
      refusals.put(each, new LongAdder());
    }
    for (BundleRefusal each : BundleRefusal.values()) {
      bundleRefusals.put(each, new LongAdder());
    }
  }

  /** Why a bundle is not taken. */
  private record Problem(BundleRefusal reason, String words) {}

  /** What is said of a request. */
  public sealed interface Judgement {}

  /** It may be served. */
  public record Admitted(TenantId pseudonym) implements Judgement {}

  /**
   * Why it is refused.
   *
   * @param reason what kind of reason
   * @param clause the clause, if one refused; else null
   * @param message for the agent's log
   * @param retryAfter when the same may be taken, if nothing happens until then; null if nobody
   *     knows
   */
  public record Refused(
      SiteRefusal reason, @Nullable String clause, String message, @Nullable Duration retryAfter)
      implements Judgement {
    /** One that says nothing of when. */
    public Refused(SiteRefusal reason, @Nullable String clause, String message) {
      this(reason, clause, message, null);
    }
  }

  /**
   * Looks at a bundle.
   *
   * @return why it is not taken; empty if it is in force now
   */
  public String offer(SignedBundle signed) {
    Problem problem = problem(signed);
    return problem == null ? "" : problem.words();
  }

  /** The same of a bundle that the hub sent: one that is not taken is counted. */
  public String take(SignedBundle signed) {
    Problem problem = problem(signed);
    if (problem == null) {
      return "";
    }
    bundleRefusals.computeIfAbsent(problem.reason(), any -> new LongAdder()).increment();
    return problem.words();
  }

  /** The version of the bundle that lets requests in now; 0 if there is none, or it is too old. */
  public long judgingVersion() {
    SitePolicy policy = inForce.get();
    boolean judges =
        policy != null && clock.instant().getEpochSecond() < policy.bundle().notAfterEpochSecond();
    return judges ? bundleVersion() : 0;
  }

  /** The version of the bundle in force, too old or not; 0 if there is none. */
  public long bundleVersion() {
    SitePolicy policy = inForce.get();
    return policy == null ? 0 : policy.bundle().version();
  }

  /**
   * Until when the bundle in force lets new requests in, seconds since 1970; 0 if there is none.
   */
  public long bundleNotAfter() {
    SitePolicy policy = inForce.get();
    return policy == null ? 0 : policy.bundle().notAfterEpochSecond();
  }

  /**
   * Judges a request.
   *
   * @param sealed the facts as they came; null or empty if none came
   * @param requestId the id in the request's own head
   */
  public Judgement judge(
      @Nullable String sealed, @Nullable String requestId, DeploymentId deployment) {
    SitePolicy policy = inForce.get();
    if (policy == null) {
      return new Refused(SiteRefusal.NO_BUNDLE, null, "no policy bundle yet");
    }
    if (sealed == null || sealed.isEmpty()) {
      return new Refused(SiteRefusal.UNSEALED, null, "no sealed facts");
    }
    Optional<Facts> opened = Seal.openAtSite(sealed, sealKey, deployment);
    if (opened.isEmpty()) {
      return new Refused(
          SiteRefusal.FORGED, null, "facts that were not sealed for this site and deployment");
    }
    Facts facts = opened.get();
    long now = clock.instant().getEpochSecond();
    if (Math.abs(now - facts.atEpochSecond()) > FACTS_GOOD_FOR_SECONDS) {
      return new Refused(SiteRefusal.STALE, null, "facts sealed at another time");
    }
    if (!facts.requestId().equals(requestId)) {
      return new Refused(SiteRefusal.MISPLACED, null, "facts of another request");
    }
    return switch (policy.judge(facts.ask(), deployment, now)) {
      case Verdict.Allowed _ -> new Admitted(facts.ask().tenant());
      case Verdict.Expired _ ->
          new Refused(SiteRefusal.BUNDLE_EXPIRED, null, "the policy bundle is too old");
      case Verdict.Forbidden(var clause, var because) ->
          new Refused(SiteRefusal.CLAUSE, clause.value(), because);
    };
  }

  /** How many bundles of the hub's were not taken, by reason. */
  public Map<BundleRefusal, Long> bundleRefusals() {
    Map<BundleRefusal, Long> counts = new EnumMap<>(BundleRefusal.class);
    bundleRefusals.forEach((reason, times) -> counts.put(reason, times.sum()));
    return counts;
  }

  /** Counts a request that was turned away. */
  public void count(SiteRefusal reason) {
    refusals.computeIfAbsent(reason, any -> new LongAdder()).increment();
  }

  /** How often requests were turned away, by reason. */
  public Map<SiteRefusal, Long> refusals() {
    Map<SiteRefusal, Long> counts = new EnumMap<>(SiteRefusal.class);
    refusals.forEach((reason, times) -> counts.put(reason, times.sum()));
    return counts;
  }

  private @Nullable Problem problem(SignedBundle signed) {
    if (signed.saysAnotherKeyThan(policyKey)) {
      return new Problem(
          BundleRefusal.UNKNOWN_KEY,
          "signed by another key than the hub's that this agent joined (expected: join again)");
    }
    if (!signed.isSignedBy(policyKey)) {
      return new Problem(BundleRefusal.SIGNATURE, "not signed by the hub's policy key");
    }
    try {
      return problem(BundleJson.read(signed.payload()));
    } catch (MalformedMessage e) {
      return new Problem(BundleRefusal.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Problem problem(SiteBundle bundle) {
    long now = clock.instant().getEpochSecond();
    if (!bundle.site().id().equals(site)) {
      return new Problem(BundleRefusal.OTHER_SITE, "for site " + bundle.site().id());
    }
    long before = newest.getAndAccumulate(bundle.version(), Math::max);
    if (now >= bundle.notAfterEpochSecond()) {
      return new Problem(
          BundleRefusal.EXPIRED,
          "expired at " + bundle.notAfterEpochSecond() + ", by this clock it is " + now);
    }
    if (bundle.version() <= before) {
      return new Problem(
          BundleRefusal.ROLLED_BACK, "version " + bundle.version() + " after " + before);
    }
    return switch (SitePolicy.of(bundle, now)) {
      case SitePolicy.Result.Ready(var policy) -> {
        inForce.accumulateAndGet(policy, Guard::newer);
        yield null;
      }
      case SitePolicy.Result.Unusable(var why) -> new Problem(BundleRefusal.MALFORMED, why);
    };
  }

  private static @Nullable SitePolicy newer(
      @Nullable SitePolicy before, @Nullable SitePolicy offered) {
    boolean older =
        before != null && offered != null && before.bundle().version() > offered.bundle().version();
    return older ? before : offered;
  }
}
