package dev.spillway.core.routing;

import dev.spillway.core.policy.CompiledPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What was found about each deployment of a pool at one instant, in plain arrays.
 *
 * <p>Filled by {@link Router}, once; it is its scratch and then the record of the decision, from
 * which people's explanations are made when somebody reads them. Places are those of the pool.
 */
public final class Scan {
  private static final int ROUND_TRIP = 0;
  private static final int QUEUE = 1;
  private static final int PREFILL = 2;
  private static final int UNCERTAINTY = 3;
  private static final int MARGIN = 4;
  private static final int TPOT = 5;
  private static final int PRICE = 6;
  private static final int TERMS = 7;

  private final Pool pool;
  private final Moment moment;
  private final boolean[] allowed;
  private final boolean[] meets;
  private final @Nullable Rule[] rules;
  private final double[] terms;
  private CompiledPolicy.@Nullable Cap @Nullable [] caps;

  Scan(Pool pool, Moment moment) {
    this.pool = pool;
    this.moment = moment;
    this.allowed = new boolean[pool.size()];
    this.meets = new boolean[pool.size()];
    this.rules = new Rule[pool.size()];
    this.terms = new double[pool.size() * TERMS];
  }

  /** Whose deployments these are. */
  public Pool pool() {
    return pool;
  }

  /** When it was made. */
  public Moment moment() {
    return moment;
  }

  /** Whether dated, static clauses allow it. */
  public boolean isAllowed(int place) {
    return allowed[place];
  }

  /** The cap that leaves it no room; null if none does. */
  public CompiledPolicy.@Nullable Cap cap(int place) {
    return caps == null ? null : caps[place];
  }

  /** Why it takes nothing now; null if it does, or if the contract does not allow it at all. */
  public @Nullable Rule rule(int place) {
    return rules[place];
  }

  /** Whether it is allowed and takes the request now. */
  public boolean isOpen(int place) {
    return isPermitted(place) && rules[place] == null;
  }

  /** Whether the contract allows it, caps included. */
  public boolean isPermitted(int place) {
    return allowed[place] && cap(place) == null;
  }

  /** Whether it was predicted to meet the objective. */
  public boolean meets(int place) {
    return meets[place];
  }

  /** What was expected of it; of one that does not take the request, zeros. */
  public Prediction prediction(int place) {
    int at = place * TERMS;
    return new Prediction(
        terms[at + ROUND_TRIP],
        terms[at + QUEUE],
        terms[at + PREFILL],
        terms[at + UNCERTAINTY],
        terms[at + MARGIN],
        terms[at + TPOT],
        terms[at + PRICE]);
  }

  /** When the first token was expected, milliseconds from the start of an attempt. */
  public double ttftMillis(int place) {
    int at = place * TERMS;
    return terms[at + ROUND_TRIP]
        + terms[at + QUEUE]
        + terms[at + PREFILL]
        + terms[at + UNCERTAINTY];
  }

  double priceNanoUsd(int place) {
    return terms[place * TERMS + PRICE];
  }

  void allow(int place) {
    allowed[place] = true;
  }

  void cap(int place, CompiledPolicy.Cap cap) {
    if (caps == null) {
      caps = new CompiledPolicy.Cap[pool.size()];
    }
    caps[place] = cap;
  }

  void ruleOut(int place, Rule rule) {
    rules[place] = rule;
  }

  void letIn(int place) {
    rules[place] = null;
  }

  void predict(int place, RoutingRequest request) {
    LiveDeployment deployment = pool.deployment(place);
    long now = moment.nowNanos();
    int at = place * TERMS;
    double share = deployment.margin(request.ask().workload()).value();
    terms[at + ROUND_TRIP] = deployment.roundTripMillis();
    terms[at + QUEUE] = deployment.queueMillis(now);
    terms[at + PREFILL] = deployment.prefillMillis(request.demand().inputTokens());
    terms[at + UNCERTAINTY] = deployment.uncertaintyMillis(terms[at + QUEUE], now);
    terms[at + MARGIN] = share * request.ttftMillis();
    terms[at + TPOT] = deployment.tpotMillis();
    terms[at + PRICE] = deployment.priceNanoUsd(request.demand());
    double expected = moment.waitedMillis() + ttftMillis(place) + terms[at + MARGIN];
    meets[place] = expected <= request.ttftMillis() && terms[at + TPOT] <= request.tpotMillis();
  }
}
