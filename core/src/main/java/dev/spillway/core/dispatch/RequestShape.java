package dev.spillway.core.dispatch;

import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.ReasoningEffort;

/**
 * What routing needs to know of a request's body.
 *
 * @param inputTokens estimated input tokens, at least 0; 0 if no model reads them
 * @param maxOutputTokens the most output tokens that the client takes; 0 if it did not say
 * @param affinity hash of the session or conversation, salted per tenant; 0 if there is none
 * @param answer whether the answer comes token by token
 * @param effort how long it lets the model think: attempts are waited for accordingly
 * @param operation what it wants done
 */
public record RequestShape(
    long inputTokens,
    long maxOutputTokens,
    long affinity,
    Answer answer,
    ReasoningEffort effort,
    OperationName operation) {
  /** Checks every bound. */
  public RequestShape {
    if (inputTokens < 0 || maxOutputTokens < 0) {
      throw new IllegalArgumentException(
          "shape: " + inputTokens + ", " + maxOutputTokens + " (expected: >= 0)");
    }
  }

  /** Of a chat. */
  public RequestShape(
      long inputTokens,
      long maxOutputTokens,
      long affinity,
      Answer answer,
      ReasoningEffort effort) {
    this(inputTokens, maxOutputTokens, affinity, answer, effort, OperationName.CHAT);
  }

  /** Of a chat that says nothing of reasoning. */
  public RequestShape(long inputTokens, long maxOutputTokens, long affinity, Answer answer) {
    this(inputTokens, maxOutputTokens, affinity, answer, ReasoningEffort.UNSAID);
  }

  /** How the answer comes. */
  public enum Answer {
    /** Token by token: time to first token counts. */
    STREAMED,
    /** All at once. */
    WHOLE,
    /** Without output tokens (embeddings). */
    NO_OUTPUT,
    /** No model reads or writes for it (kept responses, counts of tokens). */
    NO_TOKENS,
    /** It is only begun: the model writes when nobody looks (responses in the background). */
    LATER;

    /** Whether a model writes for it. */
    public boolean takesOutput() {
      return switch (this) {
        case STREAMED, WHOLE, LATER -> true;
        case NO_OUTPUT, NO_TOKENS -> false;
      };
    }

    /** Whether its output is counted when it is over. */
    public boolean showsOutput() {
      return takesOutput() && this != LATER;
    }
  }
}
