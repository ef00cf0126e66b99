package dev.spillway.simulator.event;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import java.util.Optional;

/** One deployment in virtual time: what stands at the other end of an attempt. */
public interface SimulatedDeployment {
  /**
   * Starts an attempt, and reports to {@code listener} in virtual time, never before this method
   * has returned.
   *
   * @param inputTokens uncached input, at least 1
   * @param outputTokens how long the answer will be, at least 1
   * @return a handle that stops it
   */
  Attempt submit(long inputTokens, int outputTokens, Listener listener);

  /** What its engines say of themselves now; empty while it fails, or if nobody can ask them. */
  Optional<EngineReport> report();

  /** From now on every attempt fails, and those under way break off, until {@link #restart}. */
  void fail();

  /** It serves again, empty. */
  void restart();

  /** An attempt under way. */
  interface Attempt {
    /** Stops it; its engine stops too. */
    void cancel();
  }

  /** Who made the attempt. */
  interface Listener {
    /** The first token is here. */
    void firstToken();

    /** The last token is here: the answer is whole. */
    void finished();

    /** There will be no (more) tokens. */
    void failed(AttemptFailure failure);
  }
}
