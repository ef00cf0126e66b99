package dev.spillway.simulator.trace;

import java.util.List;

/**
 * One request of a recorded load.
 *
 * @param arrivalNanos when it arrived, nanoseconds from the start of the trace, at least 0
 * @param inputTokens its input, tokens, at least 1
 * @param outputTokens its answer, tokens, at least 1
 * @param blockIds names of the prompt's blocks of 512 tokens, in order, the last perhaps partial;
 *     two requests whose ids begin alike share that prefix. Empty where the trace has none
 */
public record TraceRequest(
    long arrivalNanos, int inputTokens, int outputTokens, List<Integer> blockIds) {
  /** Checks every bound. */
  public TraceRequest {
    if (arrivalNanos < 0) {
      throw new IllegalArgumentException("arrivalNanos: " + arrivalNanos + " (expected: >= 0)");
    }
    if (inputTokens < 1) {
      throw new IllegalArgumentException("inputTokens: " + inputTokens + " (expected: >= 1)");
    }
    if (outputTokens < 1) {
      throw new IllegalArgumentException("outputTokens: " + outputTokens + " (expected: >= 1)");
    }
    blockIds = List.copyOf(blockIds);
  }

  TraceRequest at(long nanos) {
    return new TraceRequest(nanos, inputTokens, outputTokens, blockIds);
  }
}
