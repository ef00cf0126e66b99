package dev.spillway.core.routing;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.quota.Demand;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What was found about each deployment of a pool at one instant, in plain arrays.
 *
 * <p>Filled by {@link Router}, once; it is its scratch and then the record of the decision, from
 * which people's explanations are made when somebody reads them. Places are those of the pool.
 *
 * <p>It is as large as its pool, so that one that nobody will read again ({@link #forget}) is used
 * for a later decision. Not thread-safe until it is filled, and unchanged from then on.
 */
public final class Scan {
  private static final int QUEUE = 0;
  private static final int PREFILL = 1;
  private static final int UNCERTAINTY = 2;
  private static final int MARGIN = 3;
  private static final int TPOT = 4;
  private static final int TERMS = 5;

  private static final byte FORBIDDEN = 0;
  private static final byte UNABLE = 1;
  private static final byte CAPPED = 2;
  private static final byte OPEN = 3;
  private static final byte MEETS = 4;
  private static final byte SPARED = 5;
  private static final byte RULED_OUT = 6;
  private static final List<Rule> RULES = List.of(Rule.values());

  private final Pool pool;
  private final byte[] found;
  private final CompiledPolicy.@Nullable Cap[] caps;
  private final double[] ttftMillis;
  private final double[] priceNanoUsd;
  private final double[] terms;
  private final AtomicBoolean forgotten = new AtomicBoolean();
  private long nowNanos;
  private long epochSecond;
  private long waitedNanos;
  private double waitedMillis;
  private double ttftObjective;
  private double tpotObjective;
  private ConformalMargin[] margins = {};

  Scan(Pool pool) {
    this.pool = pool;
    this.found = new byte[pool.size()];
    this.caps = new CompiledPolicy.Cap[pool.size()];
    this.ttftMillis = new double[pool.size()];
    this.priceNanoUsd = new double[pool.size()];
    this.terms = new double[pool.size() * TERMS];
  }

  /** Nobody reads it any more; a second time changes nothing. */
  public void forget() {
    if (forgotten.compareAndSet(false, true)) {
      pool.keep(this);
    }
  }

  /** Nothing is known yet; what was predicted before is never looked at until it is anew. */
  Scan begin(RoutingRequest request, Moment at) {
    nowNanos = at.nowNanos();
    epochSecond = at.epochSecond();
    waitedNanos = at.waitedNanos();
    waitedMillis = at.waitedMillis();
    ttftObjective = request.ttftMillis();
    tpotObjective = request.tpotMillis();
    margins = pool.marginsOf(request.ask().workload());
    Arrays.fill(found, FORBIDDEN);
    forgotten.set(false);
    return this;
  }

  /** Whose deployments these are. */
  public Pool pool() {
    return pool;
  }

  /** When it was made, on the driver's monotonic clock. */
  public long nowNanos() {
    return nowNanos;
  }

  /** When it was made, by the wall clock. */
  public long epochSecond() {
    return epochSecond;
  }

  /** How long the request had been here by then. */
  public long waitedNanos() {
    return waitedNanos;
  }

  double waitedMillis() {
    return waitedMillis;
  }

  /** The cap that leaves it no room; null if none does. */
  public CompiledPolicy.@Nullable Cap cap(int place) {
    return found[place] == CAPPED ? caps[place] : null;
  }

  /** Why it takes nothing now; null if it does, or if the contract does not allow it at all. */
  public @Nullable Rule rule(int place) {
    byte what = found[place];
    return switch (what) {
      case UNABLE -> Rule.UNABLE;
      case SPARED -> Rule.HOME_FIRST;
      default -> what < RULED_OUT ? null : RULES.get(what - RULED_OUT);
    };
  }

  /** Whether it is allowed and takes the request now. */
  public boolean isOpen(int place) {
    return found[place] == OPEN || found[place] == MEETS;
  }

  /** Whether the contract allows it, caps included. */
  public boolean isPermitted(int place) {
    return found[place] >= OPEN;
  }

  /** Whether it is open, and was predicted to meet the objective. */
  public boolean meets(int place) {
    return found[place] == MEETS;
  }

  /**
   * Whether it was predicted to meet the objective, were it that a clause wanted home offered the
   * request first: that it was not asked says nothing of what it can do.
   */
  public boolean wouldMeet(int place) {
    return found[place] == MEETS || found[place] == SPARED;
  }

  /** What was expected of one that takes the request, or would if home were not offered it. */
  public Prediction prediction(int place) {
    int at = place * TERMS;
    return new Prediction(
        pool.deployment(place).roundTripMillis(),
        terms[at + QUEUE],
        terms[at + PREFILL],
        terms[at + UNCERTAINTY],
        terms[at + MARGIN],
        terms[at + TPOT],
        priceNanoUsd[place]);
  }

  /** When the first token was expected, milliseconds from the start of an attempt. */
  public double ttftMillis(int place) {
    return ttftMillis[place];
  }

  double priceNanoUsd(int place) {
    return priceNanoUsd[place];
  }

  /** The contract allows it but for this cap. */
  void cap(int place, CompiledPolicy.Cap cap) {
    found[place] = CAPPED;
    caps[place] = cap;
  }

  /** The contract allows it, unless it is unable. */
  @SuppressWarnings("EnumOrdinal") // lives no longer than the enum
  void ruleOut(int place, Rule rule) {
    found[place] = rule == Rule.UNABLE ? UNABLE : (byte) (RULED_OUT + rule.ordinal());
  }

  /** It takes the request, but home is offered it first. */
  @SuppressWarnings("EnumOrdinal") // lives no longer than the enum
  void spare(int place) {
    found[place] = meets(place) ? SPARED : (byte) (RULED_OUT + Rule.HOME_FIRST.ordinal());
  }

  /** It takes the request, as far as is known, and this is expected of it. */
  void letIn(int place, Demand demand, Outlook outlook) {
    LiveDeployment deployment = pool.deployment(place);
    double queue =
        outlook.isQueueKnown(nowNanos) ? outlook.queueMillis() : deployment.queueMillis(nowNanos);
    double prefill = outlook.prefillMillis(demand.inputTokens());
    double uncertainty = deployment.uncertaintyMillis(queue, outlook.freshUntilNanos(), nowNanos);
    double ttft = deployment.roundTripMillis() + queue + prefill + uncertainty;
    double margin = margins[place].value() * ttftObjective;
    int at = place * TERMS;
    terms[at + QUEUE] = queue;
    terms[at + PREFILL] = prefill;
    terms[at + UNCERTAINTY] = uncertainty;
    terms[at + MARGIN] = margin;
    terms[at + TPOT] = outlook.tpotMillis();
    ttftMillis[place] = ttft;
    priceNanoUsd[place] = deployment.priceNanoUsd(demand);
    double expected = waitedMillis + ttft + margin;
    boolean meets = expected <= ttftObjective && outlook.tpotMillis() <= tpotObjective;
    found[place] = meets ? MEETS : OPEN;
  }
}
