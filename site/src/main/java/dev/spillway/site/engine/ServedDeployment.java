package dev.spillway.site.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.wire.chat.StableHash;
import dev.spillway.wire.link.Serves;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.Pace;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One deployment of the hub's, as this site serves it.
 *
 * <p>A new request goes to the engine that has the least to read until it has read this one:
 *
 * <pre>
 *   cost = tokens ahead + input - tokens of its beginning that are believed to be held there
 * </pre>
 *
 * <p>So what an engine holds counts for exactly what it saves, and a queue longer than that sends
 * the request elsewhere. Among equals it goes to the one with the fewest requests, then to the one
 * that was sent nothing for the longest time, so that new conversations spread. An engine that has
 * more than its share of the requests under way takes no more, whatever it holds: what it reads
 * less, it would lose by writing for too many at once (consistent hashing with bounded loads,
 * Mirrokni and others, 2016; KubeAI's and SGLang's routers do the same).
 *
 * <p>Shared by all loops.
 */
public final class ServedDeployment {
  private static final long PROBE_FRESH_MILLIS = 5_000;

  /** What an engine may have of the requests under way, as a multiple of the mean. */
  private static final double MOST_OF_MEAN = 1.25;

  /** So few are no load, whatever others have. */
  private static final int FEW = 8;

  private static final long NANOS_PER_MICRO = 1_000;

  private final DeploymentId id;
  private final List<Replica> replicas;
  private final Prefixes prefixes;
  private final long secret = new SecureRandom().nextLong();
  private final ReadingRate rate;

  /** Who may find in an engine's cache what a prompt begins with. */
  public enum Prefixes {
    /** The tenant who sent one like it. */
    OF_A_TENANT,
    /** Everybody. */
    SHARED
  }

  /**
   * A deployment.
   *
   * @param prefillTokensPerSecond what one engine reads in a second; 0 to learn it
   */
  public ServedDeployment(
      DeploymentId id, List<Replica> replicas, Prefixes prefixes, double prefillTokensPerSecond) {
    this.id = id;
    this.replicas = List.copyOf(replicas);
    this.prefixes = prefixes;
    this.rate = new ReadingRate(prefillTokensPerSecond);
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException(
          "deployments." + id + ".engines: none (expected: at least one)");
    }
  }

  /** The hub's name of it. */
  public DeploymentId id() {
    return id;
  }

  /** Its engines. */
  public List<Replica> replicas() {
    return replicas;
  }

  /** Under what the beginnings of this tenant's prompts are known here, until the agent ends. */
  public long salt(TenantId pseudonym) {
    byte[] name = pseudonym.value().getBytes(UTF_8);
    return switch (prefixes) {
      case OF_A_TENANT -> StableHash.of(secret, name, 0, name.length);
      case SHARED -> secret;
    };
  }

  /** Requests that this agent has at its engines. */
  public int inFlight() {
    return replicas.stream().mapToInt(Replica::inFlight).sum();
  }

  /** What a request would wait at the engine that is next, microseconds; 0 if nobody knows. */
  public long queueMicros(long nowNanos) {
    return queueMicros(next(nowNanos), nowNanos);
  }

  /** What a request would wait at this one, microseconds; 0 if nobody knows. */
  public long queueMicros(Replica at, long nowNanos) {
    return Replica.micros(tokensAhead(at, nowNanos), tokensPerSecond());
  }

  /** What to tell the hub. */
  public DeploymentState state(long nowNanos) {
    double reads = tokensPerSecond();
    return new DeploymentState(
        id,
        Math.round(reads),
        pace(),
        serves(nowNanos),
        replicas.stream().map(each -> each.state(reads, nowNanos)).toList());
  }

  /** One of its engines was measured while it had nothing else to do. */
  public void measured(Replica engine, Pace pace) {
    engine.paceIs(pace);
    Pace all = meanPace();
    if (all.prefillTokensPerSecond() > 0) {
      rate.measured(all.prefillTokensPerSecond(), all.baseMicros() * NANOS_PER_MICRO);
    }
  }

  /** One of its engines has another model: what was known of it holds no more. */
  public void modelChanged(Replica engine) {
    engine.paceIs(Pace.UNKNOWN);
    engine.lost();
  }

  /**
   * The engine for a request; one that answers probes if any does.
   *
   * @param inputTokens of the whole prompt, estimated
   */
  public Choice choose(PromptPrefix prefix, long inputTokens, long nowNanos) {
    boolean anyFresh = replicas.stream().anyMatch(each -> isFresh(each, nowNanos));
    Predicate<Replica> there = each -> !anyFresh || isFresh(each, nowNanos);
    Choice best = best(there, prefix, inputTokens, nowNanos);
    return best == null ? new Choice(this, next(nowNanos), prefix, inputTokens, 0) : best;
  }

  /** The same once an engine gave no answer; null if no other has room and answers probes. */
  public @Nullable Choice another(
      Replica tried, PromptPrefix prefix, long inputTokens, long nowNanos) {
    Predicate<Replica> there = each -> !each.equals(tried) && isFresh(each, nowNanos);
    return best(there, prefix, inputTokens, nowNanos);
  }

  /** The same where no other engine will do. */
  public Choice only(Replica keeper, PromptPrefix prefix, long inputTokens) {
    long held = Math.min(inputTokens, keeper.heldTokens(prefix));
    return new Choice(this, keeper, prefix, inputTokens, held);
  }

  /** The engine that the hub calls so; null if it is none of this deployment's. */
  public @Nullable Replica named(String name) {
    for (Replica each : replicas) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  /** What one engine reads in a second; 0 if nobody knows. */
  double tokensPerSecond() {
    return rate.tokensPerSecond();
  }

  /** A prompt that had the engine to itself was read in this time. */
  void learn(long inputTokens, long heldTokens, long nanos) {
    rate.observe(inputTokens, heldTokens, nanos);
  }

  /** The engine where a prompt of which nothing is held would be read first. */
  private Replica next(long nowNanos) {
    @Nullable Replica best = null;
    for (Replica each : replicas) {
      if (isFresh(each, nowNanos) && (best == null || isBefore(each, best, nowNanos))) {
        best = each;
      }
    }
    if (best != null) {
      return best;
    }
    Replica any = replicas.getFirst();
    for (Replica each : replicas) {
      any = isBefore(each, any, nowNanos) ? each : any;
    }
    return any;
  }

  /** Null if none of those that are there has room. */
  private @Nullable Choice best(
      Predicate<Replica> there, PromptPrefix prefix, long inputTokens, long nowNanos) {
    long most = mostInFlight(there);
    @Nullable Choice best = null;
    for (Replica each : replicas) {
      if (there.test(each) && each.inFlight() < most) {
        long held = Math.min(inputTokens, each.heldTokens(prefix));
        Choice choice = new Choice(this, each, prefix, inputTokens, held);
        best = best == null || choice.isBetterThan(best, nowNanos) ? choice : best;
      }
    }
    return best;
  }

  private long mostInFlight(Predicate<Replica> there) {
    int engines = 0;
    int underWay = 1; // with the one that is to come
    for (Replica each : replicas) {
      if (there.test(each)) {
        engines++;
        underWay += each.inFlight();
      }
    }
    return Math.max(FEW, (long) Math.ceil(MOST_OF_MEAN * underWay / Math.max(1, engines)));
  }

  /** What those that answer probes have in common. */
  private Serves serves(long nowNanos) {
    Serves all = Serves.UNKNOWN;
    for (Replica each : replicas) {
      if (isFresh(each, nowNanos)) {
        all = all.and(Serves.of(each.models()));
      }
    }
    return all.bounded();
  }

  /** What it was told counts before what was measured. */
  private Pace pace() {
    Pace measured = meanPace();
    return rate.isTold()
        ? new Pace(
            Math.round(rate.tokensPerSecond()), measured.decodeMicros(), measured.baseMicros())
        : measured;
  }

  private Pace meanPace() {
    return new Pace(
        mean(Pace::prefillTokensPerSecond), mean(Pace::decodeMicros), mean(Pace::baseMicros));
  }

  /** Of those of which it is known. */
  private long mean(ToLongFunction<Pace> part) {
    return Math.round(
        replicas.stream()
            .map(Replica::pace)
            .mapToLong(part)
            .filter(each -> each > 0)
            .average()
            .orElse(0));
  }

  private static boolean isFresh(Replica replica, long nowNanos) {
    long age = replica.probeAgeMillis(nowNanos);
    return age >= 0 && age <= PROBE_FRESH_MILLIS;
  }

  private boolean isBefore(Replica one, Replica other, long nowNanos) {
    long tokens = tokensAhead(one, nowNanos);
    long others = tokensAhead(other, nowNanos);
    return tokens < others || (tokens == others && one.inFlight() < other.inFlight());
  }

  private long tokensAhead(Replica at, long nowNanos) {
    return at.tokensAhead(tokensPerSecond(), nowNanos);
  }
}
