package dev.spillway.site.relay;

import dev.spillway.core.bundle.QueueRule;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard;
import dev.spillway.site.guard.Guard.Judgement;
import dev.spillway.site.guard.Guard.Refused;
import dev.spillway.wire.link.SiteRefusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What this agent serves and how much of it; shared by all loops. */
public final class Service {
  private final Map<DeploymentId, ServedDeployment> deployments = new LinkedHashMap<>();
  private final Guard guard;
  private final Limits limits;
  private final LongSupplier nanoClock;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bodyBytes = new AtomicLong();
  private final AtomicLong seen = new AtomicLong();
  private final AtomicBoolean draining = new AtomicBoolean();

  /**
   * How much it takes.
   *
   * @param requests at once, at least 1
   * @param bodyBytes of the bodies of all requests together, at least 1 KiB
   */
  public record Limits(int requests, long bodyBytes) {
    /** Checks every bound. */
    public Limits {
      if (requests < 1 || bodyBytes < 1_024) {
        throw new IllegalArgumentException(
            "limits: " + requests + ", " + bodyBytes + " (expected: >= 1 and >= 1KiB)");
      }
    }
  }

  /** Of these deployments. */
  public Service(
      List<ServedDeployment> served, Guard guard, Limits limits, LongSupplier nanoClock) {
    served.forEach(each -> deployments.put(each.id(), each));
    this.guard = guard;
    this.limits = limits;
    this.nanoClock = nanoClock;
  }

  /** What it serves, in the order of its configuration. */
  public List<ServedDeployment> deployments() {
    return List.copyOf(deployments.values());
  }

  /** What judges. */
  public Guard guard() {
    return guard;
  }

  /** Requests under way. */
  public int requests() {
    return requests.get();
  }

  /** Requests that came so far. */
  public long seen() {
    return seen.get();
  }

  /** Takes nothing new from now on. */
  public void drain() {
    draining.set(true);
  }

  /** Whether it takes nothing new. */
  public boolean isDraining() {
    return draining.get();
  }

  @Nullable ServedDeployment deployment(String name) {
    try {
      return deployments.get(new DeploymentId(name));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Lets a request in, or says why not. One that is admitted is {@link #left} once, with its bytes.
   *
   * @param expectedQueueMicros the queue the hub thought it would find
   */
  Judgement enter(
      ServedDeployment deployment,
      @Nullable String facts,
      @Nullable String requestId,
      long expectedQueueMicros,
      long bytes) {
    seen.incrementAndGet();
    Judgement judgement = judge(deployment, facts, requestId, expectedQueueMicros, bytes);
    if (judgement instanceof Refused refused) {
      guard.count(refused.reason());
    }
    return judgement;
  }

  void left(long bytes) {
    requests.decrementAndGet();
    bodyBytes.addAndGet(-bytes);
  }

  long nowNanos() {
    return nanoClock.getAsLong();
  }

  private Judgement judge(
      ServedDeployment deployment,
      @Nullable String facts,
      @Nullable String requestId,
      long expectedQueueMicros,
      long bytes) {
    if (draining.get()) {
      return new Refused(SiteRefusal.DRAINING, null, "this agent is about to stop");
    }
    Judgement judged = guard.judge(facts, requestId, deployment.id());
    if (judged instanceof Refused) {
      return judged;
    }
    if (QueueRule.refuses(deployment.queueMicros(nowNanos()), expectedQueueMicros)) {
      return new Refused(SiteRefusal.QUEUE, null, "its queue is longer than was expected");
    }
    if (requests.incrementAndGet() > limits.requests()
        || bodyBytes.get() + bytes > limits.bodyBytes()) {
      requests.decrementAndGet();
      return new Refused(SiteRefusal.FULL, null, "it serves as many requests as it may");
    }
    bodyBytes.addAndGet(bytes);
    return judged;
  }
}
