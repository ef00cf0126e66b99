package dev.spillway.simulator.live;

import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.engine.ProvisionedBucket.Arrival;
import dev.spillway.simulator.engine.Sequence;
import dev.spillway.simulator.engine.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * One request's work in the engine: measured, and settled with the bucket however it ends.
 *
 * <p>Event loop only.
 */
final class Generation implements TokenSink {
  private final EngineLoop engine;
  private final EngineMetrics metrics;
  private final Work work;
  private final Sequence sequence;
  private EngineMetrics.@Nullable OfReplica ofReplica;
  private long lastTokenNanos;

  /** What is made of tokens for the caller. */
  interface Answer {
    /** One more token is there; it may be written now and is flushed later. */
    void token(int generated);

    /** That was the last one. */
    void complete();

    /** The connection takes bytes again. */
    default void writable() {}

    /** Why it ends, if it is not cut short. */
    AnswerPlan.FinishReason finishReason();
  }

  /**
   * What is to be done.
   *
   * @param inputTokens at least 1
   * @param outputTokens at least 1
   * @param answer where the tokens go
   * @param charge what has been added to the bucket for it, or null if there is no bucket
   */
  record Work(int inputTokens, int outputTokens, Answer answer, @Nullable Charge charge) {}

  /** What a request has added to the bucket. */
  record Charge(ProvisionedBucket bucket, Arrival.Admitted admitted) {}

  Generation(EngineLoop engine, EngineMetrics metrics, Work work) {
    this.engine = engine;
    this.metrics = metrics;
    this.sequence = new Sequence(work.inputTokens(), 0, work.outputTokens(), this);
    this.work = work;
  }

  void start() {
    engine.submit(sequence);
    ofReplica = metrics.of(engine.replicas().numberOf(sequence));
  }

  @Override
  public void token(Sequence same, long nowNanos) {
    measure(nowNanos);
    work.answer().token(same.generatedTokens());
    if (same.state() == Sequence.State.DONE) {
      settle();
      work.answer().complete();
    }
  }

  void writable() {
    work.answer().writable();
  }

  /** Nobody waits for the rest: the engine stops working on it at once. */
  void clientGone() {
    if (sequence.state() == Sequence.State.DONE) {
      return;
    }
    engine.cancel(sequence);
    settle();
    if (ofReplica != null) {
      ofReplica.aborted();
    }
  }

  private void measure(long nowNanos) {
    if (ofReplica == null) {
      throw new IllegalStateException("token before start");
    }
    if (sequence.generatedTokens() == 1) {
      ofReplica.firstToken(sequence, nowNanos);
    } else {
      ofReplica.nextToken(nowNanos - lastTokenNanos);
    }
    lastTokenNanos = nowNanos;
    if (sequence.state() == Sequence.State.DONE) {
      ofReplica.finished(sequence, nowNanos, work.answer().finishReason());
    }
  }

  private void settle() {
    Charge charge = work.charge();
    if (charge != null) {
      charge
          .bucket()
          .complete(
              charge.admitted(),
              sequence.inputTokens() - sequence.cachedTokens(),
              sequence.generatedTokens(),
              engine.nowNanos());
    }
  }
}
