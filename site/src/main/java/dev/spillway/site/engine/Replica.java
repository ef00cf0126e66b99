package dev.spillway.site.engine;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.site.prefix.PrefixIndex;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.wire.link.SiteMessage.Pace;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One engine, and what is known of its load and of what it holds; shared by all loops. */
public final class Replica {
  private static final long PROBE_FRESH_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final EngineAddress address;
  private final String name;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong pendingTokens = new AtomicLong();
  private final AtomicReference<Unseen> unseen = new AtomicReference<>(Unseen.NONE);
  private final PrefixIndex prefixes = new PrefixIndex();
  private volatile long lastSentNanos;
  private volatile @Nullable Probe probe;
  private volatile @Nullable Long goneNanos;
  private volatile Pace pace = Pace.UNKNOWN;
  private volatile EngineModels models = EngineModels.UNKNOWN;
  private volatile @Nullable Runnable onRequest;

  /** What an engine said, and when. */
  private record Probe(EngineReport report, long atNanos) {}

  /**
   * An engine of which nothing is known.
   *
   * @param name how the hub is to call it: the same after a restart, and nobody else's
   */
  public Replica(EngineAddress address, String name) {
    this.address = address;
    this.name = name;
  }

  /** How the hub calls it. */
  public String name() {
    return name;
  }

  /** Where it is. */
  public EngineAddress address() {
    return address;
  }

  /** It said how it is. */
  public void probed(EngineReport report, long nowNanos) {
    probe = new Probe(report, nowNanos);
  }

  /** It said what it serves, or is another of which that is not known. */
  public void serves(EngineModels said) {
    models = said;
  }

  /** What it said last that it serves. */
  public EngineModels models() {
    return models;
  }

  /** Whether it has nothing to do, for us or for others, by a probe that is fresh. */
  public boolean isIdle(long nowNanos) {
    Probe last = lastProbe();
    return last != null
        && nowNanos - last.atNanos() < PROBE_FRESH_NANOS
        && last.report().running() == 0
        && last.report().waiting() == 0
        && inFlight.get() == 0;
  }

  /** Whether it has answered no probe since. */
  public boolean isProbeOlderThan(long nanos) {
    Probe last = lastProbe();
    return last == null || last.atNanos() - nanos < 0;
  }

  /**
   * Who is to be told when a request is sent there, on the event loop that sends it; null for
   * nobody.
   */
  public void tellOfRequests(@Nullable Runnable listener) {
    onRequest = listener;
  }

  Pace pace() {
    return pace;
  }

  void paceIs(Pace measured) {
    pace = measured;
  }

  /**
   * It took no connection: nobody is there until it answers a probe again. What answers there then
   * holds nothing yet.
   */
  public void gone(long nowNanos) {
    goneNanos = nowNanos;
    lost();
  }

  /** It broke off, or was silent for long: it may be another, which holds nothing yet. */
  public void lost() {
    prefixes.forget();
  }

  /** Requests that this agent has there. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Requests whose first token is to come, and will be seen. */
  int pending() {
    return pending.get();
  }

  /** Tokens of a prompt's beginning that it need not read again, so far as anybody knows. */
  long heldTokens(PromptPrefix prefix) {
    return prefixes.heldTokens(prefix);
  }

  /** When it was sent something last, on the monotonic clock; 0 if never. */
  long lastSentNanos() {
    return lastSentNanos;
  }

  /** A request goes there. */
  void sent(PromptPrefix prefix, long nowNanos) {
    Runnable listener = onRequest;
    if (listener != null) {
      listener.run();
    }
    prefixes.remember(prefix);
    lastSentNanos = nowNanos;
    inFlight.incrementAndGet();
  }

  /** It has to read so much of a prompt whose first token will be seen. */
  void reads(long tokensToRead) {
    pending.incrementAndGet();
    pendingTokens.addAndGet(tokensToRead);
  }

  void read(long tokensToRead) {
    pending.decrementAndGet();
    pendingTokens.addAndGet(-tokensToRead);
  }

  /** It has to read so much of a prompt whose first token nobody sees. */
  void readsUnseen(long tokensToRead, double tokensPerSecond, long nowNanos) {
    unseen.updateAndGet(before -> before.sent(tokensToRead, tokensPerSecond, nowNanos));
  }

  void unseenEnded(long tokensToRead, double tokensPerSecond, long nowNanos) {
    unseen.updateAndGet(before -> before.ended(tokensToRead, tokensPerSecond, nowNanos));
  }

  void ended() {
    inFlight.decrementAndGet();
  }

  /** When it answered a probe last; below 0 if never, or not since it took no connection. */
  long probeAgeMillis(long nowNanos) {
    Probe last = lastProbe();
    return last == null ? -1 : TimeUnit.NANOSECONDS.toMillis(nowNanos - last.atNanos());
  }

  /**
   * Input tokens in front of a new request: our own prompts that gave no token yet, and as many
   * again, on the average, for each that others have waiting there; and what is left of those whose
   * first token nobody sees.
   *
   * @param tokensPerSecond how fast it reads; 0 if nobody knows
   */
  long tokensAhead(double tokensPerSecond, long nowNanos) {
    Probe last = lastProbe();
    Unseen hidden = unseen.get();
    int ours = pending.get();
    long tokens = Math.max(0, pendingTokens.get());
    int foreign =
        last == null ? 0 : Math.max(0, last.report().waiting() - ours - hidden.requests());
    long others = ours == 0 ? 0 : foreign * (tokens / ours);
    return tokens + others + (long) Math.ceil(hidden.left(tokensPerSecond, nowNanos));
  }

  ReplicaState state(double tokensPerSecond, long nowNanos) {
    Probe last = lastProbe();
    return new ReplicaState(
        name,
        last == null ? 0 : last.report().running(),
        last == null ? 0 : last.report().waiting(),
        last == null ? 0 : (int) Math.round(last.report().kvUse() * 1_000),
        probeAgeMillis(nowNanos),
        Math.max(0, inFlight.get()),
        micros(tokensAhead(tokensPerSecond, nowNanos), tokensPerSecond));
  }

  /** What it said last; null if it never did, or took no connection since. */
  private @Nullable Probe lastProbe() {
    Probe last = probe;
    Long gone = goneNanos;
    return last != null && gone != null && last.atNanos() - gone <= 0 ? null : last;
  }

  static long micros(long tokens, double tokensPerSecond) {
    return tokensPerSecond > 0 ? (long) (tokens / tokensPerSecond * 1e6) : 0;
  }
}
