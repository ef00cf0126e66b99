package dev.spillway.site.relay;

import dev.spillway.core.bundle.QueueRule;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard;
import dev.spillway.site.guard.Guard.Admitted;
import dev.spillway.site.guard.Guard.Refused;
import dev.spillway.wire.link.SiteRefusal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
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
  /** By then the hub has heard how long the queue is, and expects it. */
  private static final long NEXT_HEARTBEAT_MICROS = 1_000_000;

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

  @Nullable ServedDeployment deployment(@Nullable String name) {
    try {
      return name == null ? null : deployments.get(new DeploymentId(name));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What becomes of a request at the door. */
  sealed interface Entry {
    /**
     * It is in; it is {@link #left} once, with its bytes.
     *
     * @param tenant by its pseudonym
     * @param keeper the only engine that can serve it; null if all can
     */
    record In(TenantId tenant, @Nullable Replica keeper) implements Entry {}

    /** It is not. */
    record Out(Refused refused) implements Entry {}
  }

  /** Lets a request for a deployment in, or says why not. */
  Entry enter(ServedDeployment deployment, EngineOperation operation, RequestHead head) {
    seen.incrementAndGet();
    Entry entry = judge(deployment, operation, head);
    if (entry instanceof Entry.Out(var refused)) {
      guard.count(refused.reason());
    }
    return entry;
  }

  void left(long bytes) {
    requests.decrementAndGet();
    bodyBytes.addAndGet(-bytes);
  }

  long nowNanos() {
    return nanoClock.getAsLong();
  }

  private Entry judge(ServedDeployment deployment, EngineOperation operation, RequestHead head) {
    if (draining.get()) {
      return out(SiteRefusal.DRAINING, "this agent is about to stop");
    }
    return switch (guard.judge(head.facts(), head.requestId(), deployment.id())) {
      case Refused refused -> new Entry.Out(refused);
      case Admitted(var tenant) -> {
        Replica keeper = keeper(deployment, head);
        yield keeper == null && (head.replica() != null || operation.isOfKept())
            ? out(SiteRefusal.GONE, "no engine of " + deployment.id() + " keeps what it is about")
            : admit(deployment, operation, head, new Entry.In(tenant, keeper));
      }
    };
  }

  private Entry admit(
      ServedDeployment deployment, EngineOperation operation, RequestHead head, Entry.In in) {
    long now = nowNanos();
    long queue =
        in.keeper() == null
            ? deployment.queueMicros(now)
            : deployment.queueMicros(in.keeper(), now);
    long excess = QueueRule.excessMicros(queue, head.expectedQueueMicros());
    if (excess > 0 && !operation.isOfKept()) {
      return new Entry.Out(
          new Refused(
              SiteRefusal.QUEUE,
              null,
              "its queue is longer than was expected",
              Duration.of(Math.min(excess, NEXT_HEARTBEAT_MICROS), ChronoUnit.MICROS)));
    }
    if (requests.incrementAndGet() > limits.requests()
        || bodyBytes.get() + head.bytes() > limits.bodyBytes()) {
      requests.decrementAndGet();
      return out(SiteRefusal.FULL, "it serves as many requests as it may");
    }
    bodyBytes.addAndGet(head.bytes());
    return in;
  }

  /** By its name; where there is one engine only, it needs none. */
  private static @Nullable Replica keeper(ServedDeployment deployment, RequestHead head) {
    if (head.replica() != null) {
      return deployment.named(head.replica());
    }
    return deployment.replicas().size() == 1 ? deployment.replicas().getFirst() : null;
  }

  private static Entry out(SiteRefusal reason, String message) {
    return new Entry.Out(new Refused(reason, null, message));
  }
}
