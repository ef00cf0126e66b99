package dev.spillway.wire.resume;

/** Why an answer that was cut cannot be continued. */
public enum Obstacle {
  /** Only text can be written on. */
  OPERATION("only chat and completions can be continued"),
  /** {@code n}, or several prompts. */
  SEVERAL_ANSWERS("several answers were asked for"),
  /** Those of the text that is sent again would be missing or wrong. */
  LOGPROBS("log probabilities were asked for"),
  /** A schema or grammar begins with the first token. */
  CONSTRAINED_OUTPUT("the output is bound to JSON or a grammar"),
  /** The text begins with the prompt. */
  ECHOED_PROMPT("the prompt is to be repeated in the answer"),
  /** No API takes the first part of a call. */
  CALL("the answer holds a call of a tool"),
  /** No API takes the reasoning back that led to the text. */
  REASONING("the answer holds reasoning"),
  /** A refusal is no message that could be continued. */
  REFUSAL("the answer is a refusal"),
  /** Sound. */
  AUDIO("the answer holds sound"),
  /** Their places would be counted from the seam. */
  ANNOTATIONS("the answer's text is annotated"),
  /** Content that is no text. */
  PARTS("the answer holds content that is not text"),
  /** More than {@link Shown#MAX_BYTES}. */
  TOO_LONG("too much of the answer was shown to send it again"),
  /** Half of a surrogate pair inside the text: no valid request can hold it. */
  HALF_CHARACTER("the answer's text holds half a character"),
  /** Nothing to continue: another deployment may begin anew. */
  NOTHING_SHOWN("no text of the answer was shown"),
  /** The answer is as long as it may be, and only lacks its {@code finish_reason}. */
  NOTHING_LEFT("the answer has all the tokens it may have"),
  /** The target cannot continue what another began. */
  TARGET("the deployment cannot continue an answer"),
  /** The client's own beginning of the answer is more than a string. */
  PREFILL("the last message is the assistant's, and not a plain text"),
  /** Tokens, or an array. */
  PROMPT("the prompt is not one text");

  private final String words;

  Obstacle(String words) {
    this.words = words;
  }

  /** The reason, for people; begins in lower case, without a full stop. */
  public String words() {
    return words;
  }
}
