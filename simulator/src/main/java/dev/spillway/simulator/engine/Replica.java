package dev.spillway.simulator.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One running copy of an engine, as a state machine in virtual time.
 *
 * <p>Works in iterations, as vLLM's scheduler does (version 1, first come first served): the
 * sequences in the batch come first, each with the tokens it still misses, one if it decodes; then,
 * unless memory ran out, sequences from the queue, until the batch is full of tokens or sequences.
 * A prompt that does not fit is read in chunks. When the KV cache is full, the sequence that joined
 * last gives up its blocks and goes back to the head of the queue; it will be computed again. How
 * long an iteration takes is {@link StepTime}'s to say.
 *
 * <p>Not modelled: blocks shared by sequences with a common prefix are counted once for each; what
 * the prefix cache holds is the submitter's to say ({@link Sequence#cachedTokens}).
 *
 * <p>Has no clock: the driver asks {@link #nextIterationEndsAt} and calls {@link
 * #completeIteration} when that time has come, in virtual time or by a timer. Not thread-safe.
 */
public final class Replica {
  /** The answer of {@link #nextIterationEndsAt} when there is nothing to do. */
  public static final long IDLE = Long.MAX_VALUE;

  private final EngineProfile profile;
  private final double speedFactor;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private final List<Sequence> emitting = new ArrayList<>();
  private final Batch batch = new Batch();

  private long iterationEndsAt = IDLE;
  private boolean completing;
  private int freeBlocks;
  private long preemptions;

  /**
   * An idle replica.
   *
   * @param speedFactor how much faster than its profile it really is, more than 0; 1 if as the
   *     profile says, 0.8 if all its rates are a fifth lower
   */
  public Replica(EngineProfile profile, double speedFactor) {
    if (!(speedFactor > 0)) {
      throw new IllegalArgumentException("speedFactor: " + speedFactor + " (expected: > 0)");
    }
    this.profile = profile;
    this.speedFactor = speedFactor;
    this.freeBlocks = profile.kvBlocks();
  }

  /**
   * Puts a sequence at the end of the queue, and starts an iteration if none runs.
   *
   * @throws IllegalArgumentException if it is longer than {@link EngineProfile#longestSequence}
   */
  public void submit(Sequence sequence, long nowNanos) {
    if (!takes(sequence)) {
      throw new IllegalArgumentException(
          "sequence: "
              + sequence.longest()
              + " tokens (expected: <= "
              + profile.longestSequence()
              + ")");
    }
    sequence.submittedTo(this, nowNanos);
    waiting.add(sequence);
    if (iterationEndsAt == IDLE && !completing) {
      startIteration(nowNanos);
    }
  }

  /** Whether it is no longer than {@link EngineProfile#longestSequence}. */
  public boolean takes(Sequence sequence) {
    return sequence.longest() <= profile.longestSequence();
  }

  /**
   * Gives a sequence up: its memory is free at once, no further token of it is seen. Does nothing
   * if it has ended.
   */
  public void cancel(Sequence sequence) {
    switch (sequence.state()) {
      case WAITING -> waiting.remove(sequence);
      case RUNNING -> {
        running.remove(sequence);
        freeBlocks += sequence.kvBlocks();
      }
      case NEW, DONE, CANCELLED -> {
        return;
      }
    }
    sequence.end(Sequence.State.CANCELLED);
  }

  /** When the iteration that runs now ends, or {@link #IDLE}. */
  public long nextIterationEndsAt() {
    return iterationEndsAt;
  }

  /** Ends the iteration that runs now, at its time; hands out its tokens and starts the next. */
  public void completeIteration() {
    if (iterationEndsAt == IDLE) {
      throw new IllegalStateException("completeIteration: none runs");
    }
    long nowNanos = iterationEndsAt;
    iterationEndsAt = IDLE;
    completing = true;
    collectTokens();
    for (Sequence sequence : emitting) {
      if (sequence.state() != Sequence.State.CANCELLED) {
        sequence.sink().token(sequence, nowNanos);
      }
    }
    emitting.clear();
    completing = false;
    if (!running.isEmpty() || !waiting.isEmpty()) {
      startIteration(nowNanos);
    }
  }

  /** What it can do. */
  public EngineProfile profile() {
    return profile;
  }

  /** Sequences in the batch. */
  public int running() {
    return running.size();
  }

  /** Sequences in its queue. */
  public int waiting() {
    return waiting.size();
  }

  /** Share of the KV cache in use, 0 to 1. */
  public double kvUse() {
    return 1 - (double) freeBlocks / profile.kvBlocks();
  }

  /** How often a sequence lost its memory to others since the start. */
  public long preemptions() {
    return preemptions;
  }

  /** Tokens of prompts not read yet, in the queue and in the batch. */
  public long queuedPrefillTokens() {
    long tokens = 0;
    for (Sequence sequence : waiting) {
      tokens += sequence.missingTokens();
    }
    for (Sequence sequence : running) {
      tokens += sequence.decodes() ? 0 : sequence.missingTokens();
    }
    return tokens;
  }

  /** The ended leave the batch; the order of the others stays. */
  private void collectTokens() {
    int kept = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      int blocks = sequence.kvBlocks();
      if (sequence.computed()) {
        emitting.add(sequence);
      }
      if (sequence.state() == Sequence.State.DONE) {
        freeBlocks += blocks;
      } else {
        running.set(kept++, sequence);
      }
    }
    running.subList(kept, running.size()).clear();
  }

  private void startIteration(long nowNanos) {
    batch.reset(profile.maxBatchedTokens());
    long before = preemptions;
    for (int i = 0; i < running.size(); i++) {
      scheduleRunning(running.get(i));
    }
    if (preemptions == before) {
      admitWaiting(nowNanos);
    }
    if (batch.isEmpty()) {
      throw new IllegalStateException(
          "iteration without work: " + running() + " running, " + waiting() + " waiting");
    }
    iterationEndsAt =
        nowNanos + Math.max(1, Math.round(profile.stepTime().nanos(batch) / speedFactor));
  }

  private void scheduleRunning(Sequence sequence) {
    int tokens = Math.min(sequence.missingTokens(), batch.tokensLeft());
    if (tokens == 0) {
      sequence.sitOut();
      return;
    }
    while (!allocate(sequence, tokens)) {
      Sequence last = running.getLast();
      preempt(last);
      if (last.equals(sequence)) {
        return;
      }
    }
    batch.add(sequence, tokens);
  }

  private void admitWaiting(long nowNanos) {
    while (running.size() < profile.maxSequences() && batch.tokensLeft() > 0) {
      Sequence next = waiting.peek();
      if (next == null) {
        return;
      }
      int tokens = Math.min(next.missingTokens(), batch.tokensLeft());
      if (!allocate(next, tokens)) {
        return;
      }
      waiting.remove();
      running.add(next);
      next.started(nowNanos);
      batch.add(next, tokens);
    }
  }

  private boolean allocate(Sequence sequence, int tokens) {
    int blocks = EngineProfile.blocksFor((long) sequence.computedTokens() + tokens);
    int more = blocks - sequence.kvBlocks();
    if (more > freeBlocks) {
      return false;
    }
    freeBlocks -= more;
    sequence.schedule(tokens, blocks);
    return true;
  }

  /** The last to join, hence not scheduled yet in this iteration: the batch needs no change. */
  private void preempt(Sequence last) {
    running.removeLast();
    freeBlocks += last.kvBlocks();
    last.preempted();
    waiting.addFirst(last);
    preemptions++;
  }
}
