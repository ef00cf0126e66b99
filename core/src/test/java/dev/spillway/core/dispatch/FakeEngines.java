package dev.spillway.core.dispatch;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Engines that read prompts one after another on each replica and decode at a pace that the batch
 * slows down; behind a bucket, if it is given one. Their true numbers are their own: the dispatcher
 * knows what the configuration says.
 */
final class FakeEngines {
  private final long[] readingUntil;
  private final double tokensPerSecond;
  private final long roundTripNanos;
  private final double depthSeconds;
  private final double drainPerSecond;
  private double level;
  private long levelAt;
  private long downFrom = Long.MAX_VALUE;
  private long downUntil = Long.MAX_VALUE;
  private AttemptFailure.Kind downHow = AttemptFailure.Kind.UNREACHABLE;
  private int askedInVain;

  /** Engines without a bucket. */
  FakeEngines(int replicas, double tokensPerSecond, long roundTripMillis) {
    this(replicas, tokensPerSecond, roundTripMillis, 0, 0);
  }

  FakeEngines(
      int replicas,
      double tokensPerSecond,
      long roundTripMillis,
      double drainPerSecond,
      double depthSeconds) {
    this.readingUntil = new long[replicas];
    this.tokensPerSecond = tokensPerSecond;
    this.roundTripNanos = roundTripMillis * Scene.MILLI;
    this.drainPerSecond = drainPerSecond;
    this.depthSeconds = depthSeconds;
  }

  /** What becomes of an attempt, as far as the engines know when it comes. */
  sealed interface Answer {
    record Refused(long at, AttemptFailure failure) implements Answer {}

    record Tokens(long first, long last) implements Answer {}
  }

  /** Nobody is there for a while. */
  void down(long from, long until) {
    down(from, until, AttemptFailure.Kind.UNREACHABLE);
  }

  /** How often they were asked while they were down. */
  int askedInVain() {
    return askedInVain;
  }

  /** They fail for a while, like this. */
  void down(long from, long until, AttemptFailure.Kind how) {
    downHow = how;
    downFrom = from;
    downUntil = until;
  }

  boolean isDown(long now) {
    return now >= downFrom && now < downUntil;
  }

  Answer submit(long input, int output, int underWay, long now) {
    if (isDown(now)) {
      askedInVain++;
      return new Answer.Refused(now + roundTripNanos, Scene.failure(downHow, null));
    }
    if (drainPerSecond > 0) {
      drain(now);
      double depth = drainPerSecond * depthSeconds;
      if (level > depth) {
        long wait = (long) ((level - depth) / drainPerSecond * Scene.SECOND);
        return new Answer.Refused(
            now + roundTripNanos,
            Scene.failure(AttemptFailure.Kind.RATE_LIMITED, Duration.ofNanos(wait)));
      }
      level += input + output;
    }
    return read(input, output, underWay, now);
  }

  void complete(long input, int output, long now) {
    drain(now);
  }

  @Nullable EngineReport report(int underWay) {
    return drainPerSecond > 0 ? null : new EngineReport(underWay, 0, 0.1, readingUntil.length);
  }

  private Answer read(long input, int output, int underWay, long now) {
    int replica = 0;
    for (int i = 1; i < readingUntil.length; i++) {
      replica = readingUntil[i] < readingUntil[replica] ? i : replica;
    }
    long start = Math.max(readingUntil[replica], now + roundTripNanos / 2);
    long read = start + (long) ((0.005 + input / tokensPerSecond) * Scene.SECOND);
    readingUntil[replica] = read;
    double pace = Scene.SPEED.decodeMillis() + 0.1 * underWay / readingUntil.length;
    long first = read + (long) (Scene.SPEED.baseMillis() * Scene.MILLI) + roundTripNanos / 2;
    return new Answer.Tokens(first, first + (long) (pace * (output - 1) * Scene.MILLI));
  }

  private void drain(long now) {
    level = Math.max(0, level - drainPerSecond * (now - levelAt) / Scene.SECOND);
    levelAt = now;
  }
}
