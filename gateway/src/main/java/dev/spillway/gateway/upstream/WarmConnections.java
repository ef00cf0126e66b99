package dev.spillway.gateway.upstream;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps a connection open to each deployment, so that no request has to wait for one: not the first
 * after a start, nor the first that spills to a partner, nor one that fails over.
 *
 * <p>What: at each look, an endpoint without an idle connection gets one. It has not carried a
 * request yet, and such a connection is let live by servers far longer than one that has: so it is
 * replaced once in {@code UNUSED_NANOS}, not every few seconds.
 *
 * <p>Against churn: an endpoint that cannot be reached, or that closes what it is offered, is left
 * alone for a time that doubles up to {@link #LONGEST_PAUSE}. Attempts do not wait for that; they
 * connect when they need to.
 *
 * <p>Whoever is reached over the links of a site has connections already: the site dialled them.
 *
 * <p>Event loop only; a configuration that is put in force is seen at the next look.
 */
final class WarmConnections {
  private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(60).toNanos();

  private final UpstreamPool pool;
  private final Supplier<List<Upstream>> deployments;
  private final Map<Endpoint, Pause> pauses = new HashMap<>();
  private List<Upstream> known = List.of();

  WarmConnections(UpstreamPool pool, Supplier<List<Upstream>> deployments) {
    this.pool = pool;
    this.deployments = deployments;
  }

  /** How long an endpoint is left alone. */
  private static final class Pause {
    private long untilNanos;
    private long nanos = FIRST_PAUSE;

    /** Offered one now; the next, if it comes to nothing, only after the pause. */
    void begin(long nowNanos) {
      untilNanos = nowNanos + nanos;
      nanos = Math.min(2 * nanos, LONGEST_PAUSE);
    }

    boolean isOver(long nowNanos) {
      return nowNanos - untilNanos >= 0;
    }

    /** What was offered was there at a later look: all is well. */
    void forget(long nowNanos) {
      if (isOver(nowNanos)) {
        nanos = FIRST_PAUSE;
      }
    }
  }

  void look(long nowNanos) {
    List<Upstream> inForce = deployments.get();
    if (!inForce.equals(known)) {
      known = inForce;
      pauses.clear();
      for (Upstream each : inForce) {
        if (each.place() instanceof Endpoint endpoint) {
          pauses.computeIfAbsent(endpoint, any -> new Pause()).untilNanos = nowNanos;
        }
      }
    }
    pauses.forEach((endpoint, pause) -> look(endpoint, pause, nowNanos));
  }

  private void look(Endpoint endpoint, Pause pause, long nowNanos) {
    if (pool.hasIdle(endpoint)) {
      pause.forget(nowNanos);
    } else if (pause.isOver(nowNanos)) {
      pause.begin(nowNanos);
      pool.warm(endpoint);
    }
  }
}
