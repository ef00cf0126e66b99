package dev.spillway.wire.chat;

import org.jspecify.annotations.Nullable;

/** What a request wants done; each has its own path. */
public enum Operation {
  /** A chat answer, streamed or whole. */
  CHAT_COMPLETIONS("chat/completions", Input.MESSAGES, "messages", "choices"),
  /** Vectors for texts. */
  EMBEDDINGS("embeddings", Input.TEXTS, "input", "data"),
  /** Texts that go on from prompts: what there was before chat. */
  COMPLETIONS("completions", Input.TEXTS, "prompt", "choices"),
  /** Whether texts and images are harmful. */
  MODERATIONS("moderations", Input.TEXTS, "input", "results");

  /** What the official clients mean when they name no model for moderations. */
  private static final String USUAL_MODERATION = "omni-moderation-latest";

  private final String path;
  private final Input input;
  private final String inputField;
  private final String answerField;

  Operation(String path, Input input, String inputField, String answerField) {
    this.path = path;
    this.input = input;
    this.inputField = inputField;
    this.answerField = answerField;
  }

  /** What the input is made of. */
  enum Input {
    /** Objects with a role. */
    MESSAGES,
    /** A text or tokens, or an array of either. */
    TEXTS
  }

  /** The end of its path, the same at every provider; without a slash at either end. */
  public String path() {
    return path;
  }

  /** Whether a stream of it can be asked for its usage, by {@code stream_options}. */
  public boolean hasUsageChunk() {
    return this == CHAT_COMPLETIONS || this == COMPLETIONS;
  }

  /** Whether a model writes: there are output tokens, and prompts that a cache may hold. */
  public boolean isGenerative() {
    return switch (this) {
      case CHAT_COMPLETIONS, COMPLETIONS -> true;
      case EMBEDDINGS, MODERATIONS -> false;
    };
  }

  /** Whether its answer can come in parts. */
  public boolean canStream() {
    return switch (this) {
      case CHAT_COMPLETIONS, COMPLETIONS -> true;
      case EMBEDDINGS, MODERATIONS -> false;
    };
  }

  /** The model that is meant if none is named; null if one must be. */
  @Nullable String usualModel() {
    return this == MODERATIONS ? USUAL_MODERATION : null;
  }

  Input input() {
    return input;
  }

  /** The field that holds the input. */
  String inputField() {
    return inputField;
  }

  /** The list that an answer must have. */
  String answerField() {
    return answerField;
  }
}
