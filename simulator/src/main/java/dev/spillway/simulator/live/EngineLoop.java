package dev.spillway.simulator.live;

import dev.spillway.simulator.engine.Replica;
import dev.spillway.simulator.engine.ReplicaSet;
import dev.spillway.simulator.engine.Sequence;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drives the engine model by the wall clock: a timer at the end of every iteration.
 *
 * <p>Iterations are completed at the time the model says, not at the time the timer fired, so that
 * a late timer delays tokens but never slows the engine down. Answers that got tokens are flushed
 * once for all of them.
 *
 * <p>Event loop only.
 */
final class EngineLoop {
  private final EventLoop loop;
  private final ReplicaSet replicas;
  private final long originNanos = System.nanoTime();
  private final List<HttpReply> unflushed = new ArrayList<>();
  private @Nullable Future<?> timer;
  private long timerAtNanos = Replica.IDLE;

  EngineLoop(EventLoop loop, ReplicaSet replicas) {
    this.loop = loop;
    this.replicas = replicas;
  }

  /** The clock of the engine, nanoseconds since it was made. */
  long nowNanos() {
    return System.nanoTime() - originNanos;
  }

  ReplicaSet replicas() {
    return replicas;
  }

  void submit(Sequence sequence) {
    advance();
    replicas.submit(sequence, nowNanos());
    setTimer();
  }

  void cancel(Sequence sequence) {
    replicas.cancel(sequence);
  }

  /** Has an answer flushed when all tokens that are due have been handed out. */
  void flushLater(HttpReply reply) {
    unflushed.add(reply);
  }

  private void advance() {
    replicas.advanceTo(nowNanos());
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }

  private void timerFired() {
    timer = null;
    timerAtNanos = Replica.IDLE;
    advance();
    setTimer();
  }

  private void setTimer() {
    long next = replicas.nextIterationEndsAt();
    if (next >= timerAtNanos) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
    }
    timerAtNanos = next;
    timer = loop.schedule(this::timerFired, next - nowNanos(), TimeUnit.NANOSECONDS);
  }
}
