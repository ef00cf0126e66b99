package dev.spillway.simulator.engine;

import org.jspecify.annotations.Nullable;

/**
 * One request as an engine sees it: tokens to read, tokens to write.
 *
 * <p>Belongs to the replica it was submitted to, which alone changes it. Not thread-safe.
 */
public final class Sequence {
  /** Where a sequence is in its life. */
  public enum State {
    /** Not submitted yet. */
    NEW,
    /** In the engine's queue, for the first time or after a preemption. */
    WAITING,
    /** In the batch. */
    RUNNING,
    /** All its tokens were made. */
    DONE,
    /** Given up by its owner. */
    CANCELLED
  }

  private final int inputTokens;
  private final int cachedTokens;
  private final int outputTokens;
  private final TokenSink sink;

  private State state = State.NEW;
  private @Nullable Replica replica;
  private int computedTokens;
  private int scheduledTokens;
  private int generatedTokens;
  private int kvBlocks;
  private int preemptions;
  private long submittedAtNanos;
  private long startedAtNanos = -1;

  /**
   * A sequence not submitted yet.
   *
   * @param inputTokens tokens of the prompt, at least 1
   * @param cachedTokens how many of them the prefix cache holds, at least 0 and less than {@code
   *     inputTokens}: the last is always computed
   * @param outputTokens tokens to make, at least 1
   * @param sink where they go
   */
  public Sequence(int inputTokens, int cachedTokens, int outputTokens, TokenSink sink) {
    if (inputTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "tokens: " + inputTokens + " in, " + outputTokens + " out (expected: both >= 1)");
    }
    if (cachedTokens < 0 || cachedTokens >= inputTokens) {
      throw new IllegalArgumentException(
          "cachedTokens: " + cachedTokens + " (expected: >= 0 and < " + inputTokens + ")");
    }
    this.inputTokens = inputTokens;
    this.cachedTokens = cachedTokens;
    this.outputTokens = outputTokens;
    this.sink = sink;
  }

  /** Tokens of its prompt. */
  public int inputTokens() {
    return inputTokens;
  }

  /** Tokens of its prompt that the prefix cache holds. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Tokens it makes in all. */
  public int outputTokens() {
    return outputTokens;
  }

  /** Tokens when all of it is there: what it was given and what it makes. */
  long longest() {
    return (long) inputTokens + outputTokens;
  }

  /** Tokens made so far. */
  public int generatedTokens() {
    return generatedTokens;
  }

  /** Where it is in its life. */
  public State state() {
    return state;
  }

  /** How often it lost its cache to others and was computed again. */
  public int preemptions() {
    return preemptions;
  }

  /** When it was submitted. */
  public long submittedAtNanos() {
    return submittedAtNanos;
  }

  /** When it was first put into a batch, or -1 before. */
  public long startedAtNanos() {
    return startedAtNanos;
  }

  @Nullable Replica replica() {
    return replica;
  }

  TokenSink sink() {
    return sink;
  }

  int computedTokens() {
    return computedTokens;
  }

  int scheduledTokens() {
    return scheduledTokens;
  }

  int kvBlocks() {
    return kvBlocks;
  }

  /** Tokens whose keys and values are missing before the next token can be made. */
  int missingTokens() {
    return inputTokens + generatedTokens - computedTokens;
  }

  /** Whether it has read its prompt and makes a token an iteration. */
  boolean decodes() {
    return generatedTokens > 0 && missingTokens() == 1;
  }

  void submittedTo(Replica to, long nowNanos) {
    if (state != State.NEW) {
      throw new IllegalStateException("submitted twice: a sequence that is " + state);
    }
    replica = to;
    submittedAtNanos = nowNanos;
    enterQueue();
  }

  void started(long nowNanos) {
    state = State.RUNNING;
    if (startedAtNanos < 0) {
      startedAtNanos = nowNanos;
    }
  }

  void schedule(int tokens, int blocks) {
    scheduledTokens = tokens;
    kvBlocks = blocks;
  }

  /** Leaves out an iteration: the batch had no room for it. */
  void sitOut() {
    scheduledTokens = 0;
  }

  void preempted() {
    preemptions++;
    enterQueue();
  }

  /** The iteration is over; true if it made a token. */
  boolean computed() {
    computedTokens += scheduledTokens;
    boolean made = scheduledTokens > 0 && missingTokens() == 0;
    scheduledTokens = 0;
    if (made) {
      generatedTokens++;
      if (generatedTokens == outputTokens) {
        end(State.DONE);
      }
    }
    return made;
  }

  void end(State how) {
    state = how;
    scheduledTokens = 0;
    kvBlocks = 0;
  }

  /** What the prefix cache held at first, it is taken to hold after a preemption too. */
  private void enterQueue() {
    state = State.WAITING;
    computedTokens = cachedTokens;
    scheduledTokens = 0;
    kvBlocks = 0;
  }
}
