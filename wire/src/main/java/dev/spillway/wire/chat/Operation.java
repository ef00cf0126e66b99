package dev.spillway.wire.chat;

import dev.spillway.core.model.OperationName;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request wants done; each has its own method and path. */
public enum Operation {
  /** A chat answer, streamed or whole. */
  CHAT_COMPLETIONS("chat/completions", Input.MESSAGES, "messages", Output.CHOICES, "choices"),
  /** Vectors for texts. */
  EMBEDDINGS("embeddings", Input.TEXTS, "input", Output.LIST, "data"),
  /** Texts that go on from prompts: what there was before chat. */
  COMPLETIONS("completions", Input.TEXTS, "prompt", Output.CHOICES, "choices"),
  /** Whether texts and images are harmful. */
  MODERATIONS("moderations", Input.TEXTS, "input", Output.LIST, "results"),
  /** An answer that its provider may keep, and go on from. */
  RESPONSES("responses", Input.ITEMS, "input", Output.RESPONSE, "output"),
  /** A kept answer again, or how far one is that is made in the background. */
  RESPONSE("GET", "responses/{id}", Output.RESPONSE, "output"),
  /** The end of a kept answer. */
  RESPONSE_DELETION("DELETE", "responses/{id}", Output.MEMBER, "deleted"),
  /** The end of one that is made in the background. */
  RESPONSE_CANCELLATION("POST", "responses/{id}/cancel", Output.RESPONSE, "output"),
  /** What a kept answer was made from. */
  RESPONSE_INPUT("GET", "responses/{id}/input_items", Output.MEMBER, "data"),
  /** A chat answer in the words of Anthropic's API, from engines that speak it. */
  MESSAGES("messages", Input.MESSAGES, "messages", Output.MESSAGE, "content"),
  /** How many tokens a chat has, by the same API. */
  MESSAGE_TOKENS(
      "messages/count_tokens", Input.MESSAGES, "messages", Output.MEMBER, "input_tokens"),
  /** Images of a text. */
  IMAGE_GENERATIONS("images/generations", Input.TEXTS, "prompt", Output.LIST, "data"),
  /** Images of images and a text; a form, or JSON. */
  IMAGE_EDITS("images/edits", Input.TEXTS, "prompt", Output.LIST, "data"),
  /** A text read aloud. */
  SPEECH("audio/speech", Input.TEXTS, "input", Output.OCTETS, ""),
  /** What is said in a recording; a form. */
  TRANSCRIPTIONS("audio/transcriptions", Input.TEXTS, "file", Output.TRANSCRIPT, "text"),
  /** The same in English; a form. */
  TRANSLATIONS("audio/translations", Input.TEXTS, "file", Output.TRANSCRIPT, "text");

  /** What the official clients mean when they name no model for moderations. */
  private static final String USUAL_MODERATION = "omni-moderation-latest";

  private final String method;
  private final String path;
  private final Input input;
  private final String inputField;
  private final Output output;
  private final String answerField;

  @SuppressWarnings("ImmutableEnumChecker") // a record of one string; core has no such annotations
  private final OperationName title;

  Operation(String path, Input input, String inputField, Output output, String answerField) {
    this.method = "POST";
    this.path = path;
    this.input = input;
    this.inputField = inputField;
    this.output = output;
    this.answerField = answerField;
    this.title = new OperationName(name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Of something that exists already, and that the path names. */
  Operation(String method, String path, Output output, String answerField) {
    this.method = method;
    this.path = path;
    this.input = Input.NOTHING;
    this.inputField = "";
    this.output = output;
    this.answerField = answerField;
    this.title = new OperationName(name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** What the input is made of. */
  enum Input {
    /** Objects with a role. */
    MESSAGES,
    /** A text or tokens, or an array of either. */
    TEXTS,
    /** A text, or objects of many kinds. */
    ITEMS,
    /** All is said by the path. */
    NOTHING
  }

  /** What proves an answer that came all at once to be whole. */
  enum Output {
    /** Every choice has content and a finish_reason. */
    CHOICES,
    /** A list that is not empty. */
    LIST,
    /** A status that says how it ended. */
    RESPONSE,
    /** A reason to stop. */
    MESSAGE,
    /** A member of the object that is not null. */
    MEMBER,
    /** That as JSON; as text, the end of its framing. */
    TRANSCRIPT,
    /** The end of its framing. */
    OCTETS
  }

  /** Where the id stands in the path of what exists already. */
  public static final String ID = "{id}";

  /** The method of its requests. */
  public String method() {
    return method;
  }

  /**
   * The end of its path, the same at every provider; without a slash at either end; with {@link
   * #ID} if it is about something that exists already.
   */
  public String path() {
    return path;
  }

  /** What decisions call it. */
  public OperationName title() {
    return title;
  }

  /** Whether it is about something that a deployment made before and keeps. */
  public boolean isOfKept() {
    return input == Input.NOTHING;
  }

  /** Whether what it makes is kept by the deployment, and has an id that we change. */
  public boolean makesResponses() {
    return this == RESPONSES || isOfKept();
  }

  /** Whether a model reads or writes for it; else it costs no tokens. */
  public boolean takesTokens() {
    return !isOfKept() && this != MESSAGE_TOKENS;
  }

  /** Where Azure's classic paths have it. */
  public ClassicPath classicPath() {
    return switch (this) {
      case CHAT_COMPLETIONS,
          EMBEDDINGS,
          COMPLETIONS,
          MODERATIONS,
          IMAGE_GENERATIONS,
          IMAGE_EDITS,
          SPEECH,
          TRANSCRIPTIONS,
          TRANSLATIONS ->
          ClassicPath.DEPLOYMENT;
      case RESPONSES, RESPONSE, RESPONSE_DELETION, RESPONSE_CANCELLATION, RESPONSE_INPUT ->
          ClassicPath.ACCOUNT;
      case MESSAGES, MESSAGE_TOKENS -> ClassicPath.NONE;
    };
  }

  /** Where an operation is in Azure's classic style. */
  public enum ClassicPath {
    /** Below {@code deployments/{model}/}. */
    DEPLOYMENT,
    /** Beside that: the body names the model. */
    ACCOUNT,
    /** Nowhere. */
    NONE
  }

  /** Whether it is of Anthropic's API, which has errors of its own form. */
  public boolean isAnthropics() {
    return this == MESSAGES || this == MESSAGE_TOKENS;
  }

  /** Whether a stream of it can be asked for its usage, by {@code stream_options}. */
  public boolean hasUsageChunk() {
    return this == CHAT_COMPLETIONS || this == COMPLETIONS;
  }

  /** Whether a model writes: there are output tokens, and prompts that a cache may hold. */
  public boolean isGenerative() {
    return switch (this) {
      case CHAT_COMPLETIONS, COMPLETIONS, RESPONSES, MESSAGES -> true;
      case EMBEDDINGS,
          MODERATIONS,
          RESPONSE,
          RESPONSE_DELETION,
          RESPONSE_CANCELLATION,
          RESPONSE_INPUT,
          MESSAGE_TOKENS,
          IMAGE_GENERATIONS,
          IMAGE_EDITS,
          SPEECH,
          TRANSCRIPTIONS,
          TRANSLATIONS ->
          false;
    };
  }

  /** Whether its answer can come in parts. */
  public boolean canStream() {
    return switch (this) {
      case CHAT_COMPLETIONS,
          COMPLETIONS,
          RESPONSES,
          RESPONSE,
          MESSAGES,
          IMAGE_GENERATIONS,
          IMAGE_EDITS,
          TRANSCRIPTIONS ->
          true;
      case EMBEDDINGS,
          MODERATIONS,
          RESPONSE_DELETION,
          RESPONSE_CANCELLATION,
          RESPONSE_INPUT,
          MESSAGE_TOKENS,
          SPEECH,
          TRANSLATIONS ->
          false;
    };
  }

  /** Whether its request may be a form with files. */
  public boolean takesForms() {
    return this == IMAGE_EDITS || takesFormsOnly();
  }

  /** Whether its request must be one. */
  public boolean takesFormsOnly() {
    return this == TRANSCRIPTIONS || this == TRANSLATIONS;
  }

  /** Whether it makes or takes images or sound; the form of its answer is the provider's choice. */
  public boolean isOfMedia() {
    return this == IMAGE_GENERATIONS || this == SPEECH || takesForms();
  }

  /** All methods and paths, for people. */
  public static String served() {
    return Arrays.stream(values())
        .map(each -> each.method + " " + each.path)
        .collect(Collectors.joining(", "));
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

  Output output() {
    return output;
  }

  /** The member that an answer must have. */
  String answerField() {
    return answerField;
  }
}
