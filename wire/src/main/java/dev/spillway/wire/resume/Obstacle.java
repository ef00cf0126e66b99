package dev.spillway.wire.resume;

import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.NonText;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  /** The text begins with the prompt, or with what the client had begun of it. */
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
  /** The hub's {@link ContinuationMemory} had no room for more of it. */
  NO_MEMORY("the hub's memory for answers that can be continued was used up"),
  /** Half of a surrogate pair inside the text: no valid request can hold it. */
  HALF_CHARACTER("the answer's text holds half a character"),
  /** Nothing to continue: another deployment may begin anew. */
  NOTHING_SHOWN("no text of the answer was shown"),
  /** The answer is as long as it may be, and only lacks its {@code finish_reason}. */
  NOTHING_LEFT("the answer has all the tokens it may have"),
  /** No target can, of any deployment that could be asked. */
  NOBODY("no deployment of the model can continue an answer"),
  /** The target cannot continue what another began. */
  TARGET("the deployment cannot continue an answer"),
  /** The client's own beginning of the answer is more than a string. */
  PREFILL("the last message is the assistant's, and not a plain text"),
  /** Tokens, or an array. */
  PROMPT("the prompt is not one text");

  /** What binds an output in the words of vLLM, SGLang and llama.cpp (read 2026-11). */
  private static final List<String> CONSTRAINTS =
      List.of(
          "structured_outputs",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar",
          "regex",
          "ebnf",
          "structural_tag",
          "grammar",
          "json_schema");

  private final String words;

  Obstacle(String words) {
    this.words = words;
  }

  /** The reason, for people; begins in lower case, without a full stop. */
  public String words() {
    return words;
  }

  /** What a request asks for that hinders, whatever the answer is; null if nothing. */
  static @Nullable Obstacle of(ScannedRequest request) {
    if (!Shown.isText(request.operation())) {
      return OPERATION;
    }
    if (request.choices() > 1) {
      return SEVERAL_ANSWERS;
    }
    if (request.has(Feature.LOGPROBS)) {
      return LOGPROBS;
    }
    if (request.has(Feature.ECHO)) {
      return ECHOED_PROMPT;
    }
    boolean constrained =
        CONSTRAINTS.stream().anyMatch(name -> request.fields().find(name) != null);
    return request.has(Feature.JSON_OUTPUT) || constrained ? CONSTRAINED_OUTPUT : null;
  }

  /** What a chunk holds that hinders; null if nothing. */
  static @Nullable Obstacle in(ChunkFacts facts) {
    if (facts.hasReasoning()) {
      return REASONING;
    }
    if (facts.texts() > 1) {
      return SEVERAL_ANSWERS;
    }
    NonText other = facts.nonText();
    if (other == null) {
      return null;
    }
    return switch (other) {
      case CALL -> CALL;
      case REFUSAL -> REFUSAL;
      case AUDIO -> AUDIO;
      case ANNOTATIONS -> ANNOTATIONS;
      case PARTS -> PARTS;
    };
  }
}
