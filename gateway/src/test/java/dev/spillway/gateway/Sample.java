package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;

import dev.spillway.wire.chat.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** An operation as tests ask for it, and what a provider answers that is well. */
record Sample(Operation operation, Way.Form form) {
  /** In which its answer comes at once. */
  static Sample whole(Operation operation) {
    return new Sample(operation, Way.Form.WHOLE);
  }

  /**
   * Of every API but the chat's, in each form that its answers have; what is kept is left out, of
   * which nobody else has any.
   */
  static Stream<Sample> all() {
    return Arrays.stream(Way.Form.values())
        .flatMap(form -> Arrays.stream(Operation.values()).map(each -> new Sample(each, form)))
        .filter(each -> each.operation != Operation.CHAT_COMPLETIONS)
        .filter(each -> !each.operation.isOfKept())
        .filter(each -> !each.streams() || each.operation.canStream());
  }

  boolean streams() {
    return form == Way.Form.STREAMED;
  }

  /** A deployment's that has the operation. */
  String dialect() {
    return operation.isAnthropics() ? "vllm" : "openai";
  }

  /** On its usual path, with these headers. */
  String request(String... headers) {
    return requestOn("/v1/" + operation.path(), headers);
  }

  /** On this path. */
  String requestOn(String path, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    if (operation.takesForms()) {
      all.add(Forms.TYPE);
      return Forms.post(path, formOf(), all.toArray(String[]::new));
    }
    all.add(AUTHORIZED);
    return Requests.post(
        operation.method() + " " + path,
        streams() ? body().replaceFirst("\\{", "{\"stream\":true,") : body(),
        all.toArray(String[]::new));
  }

  /** Plays the well answer. */
  Script script() {
    if (streams()) {
      return Script.stream(events().toArray(String[]::new));
    }
    return operation == Operation.SPEECH
        ? Script.answer("audio/mpeg", answer())
        : Script.answer(200, answer());
  }

  /** The body of the well answer. */
  String answer() {
    return streams() ? String.join("", events()) : whole();
  }

  /** What a stream says up to its first content. */
  String beginning() {
    boolean opens = operation == Operation.RESPONSES || operation == Operation.MESSAGES;
    return String.join("", events().subList(0, opens ? 2 : 1));
  }

  /** How the body of a refusal begins, in the words of its API. */
  String refusal() {
    return operation.isAnthropics()
        ? "{\"type\":\"error\",\"error\":{\"type\":\""
        : "{\"error\":{\"message\":\"";
  }

  /** How the event begins that ends a stream with an error, in the words of its API. */
  String error() {
    return "event: error\ndata: "
        + (operation == Operation.RESPONSES ? "{\"type\":\"error\",\"code\":" : refusal());
  }

  private String formOf() {
    List<String> parts = new ArrayList<>();
    parts.add(Forms.file(operation == Operation.IMAGE_EDITS ? "image" : "file", "bytes"));
    parts.add(Forms.field("prompt", "A cat"));
    if (streams()) {
      parts.add(Forms.field("stream", "true"));
    }
    parts.add(Forms.MODEL);
    return Forms.of(parts.toArray(String[]::new));
  }

  private String body() {
    return switch (operation) {
      case CHAT_COMPLETIONS, MESSAGES, MESSAGE_TOKENS ->
          Requests.ASK.replace("}]}", "}],\"max_tokens\":9}");
      case COMPLETIONS, IMAGE_GENERATIONS -> "{\"model\":\"gpt-4o\",\"prompt\":\"A cat\"}";
      case EMBEDDINGS, MODERATIONS, RESPONSES, SPEECH ->
          "{\"model\":\"gpt-4o\",\"input\":\"A cat\",\"voice\":\"alloy\"}";
      case RESPONSE, RESPONSE_DELETION, RESPONSE_CANCELLATION, RESPONSE_INPUT -> "";
      case IMAGE_EDITS, TRANSCRIPTIONS, TRANSLATIONS ->
          throw new IllegalStateException("a form: " + operation);
    };
  }

  private String whole() {
    return switch (operation) {
      case CHAT_COMPLETIONS -> Answers.WHOLE;
      case COMPLETIONS ->
          "{\"choices\":[{\"index\":0,\"text\":\"Hi\",\"finish_reason\":\"stop\"}],"
              + "\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":1,\"total_tokens\":3}}";
      case EMBEDDINGS -> "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":\"AAAA\"}]}";
      case MODERATIONS -> "{\"results\":[{\"flagged\":false}]}";
      case RESPONSES, RESPONSE -> ResponsesIT.response("completed", "resp_1");
      case RESPONSE_CANCELLATION -> ResponsesIT.response("cancelled", "resp_1");
      case RESPONSE_DELETION -> "{\"id\":\"resp_1\",\"deleted\":true}";
      case RESPONSE_INPUT -> "{\"object\":\"list\",\"data\":[]}";
      case MESSAGES ->
          "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
              + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
      case MESSAGE_TOKENS -> "{\"input_tokens\":9}";
      case IMAGE_GENERATIONS, IMAGE_EDITS -> "{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}]}";
      case SPEECH -> "ID3";
      case TRANSCRIPTIONS, TRANSLATIONS -> "{\"text\":\"Hello\"}";
    };
  }

  private List<String> events() {
    return switch (operation) {
      case COMPLETIONS -> List.of(choice("Hi", "null"), choice("", "\"stop\""), Answers.DONE);
      case RESPONSES ->
          List.of(
              ResponsesIT.lifecycle("created", "in_progress"),
              event("response.output_text.delta", "\"item_id\":\"msg_1\",\"delta\":\"Hi\""),
              ResponsesIT.lifecycle("completed", "completed"));
      case MESSAGES ->
          List.of(
              event("message_start", "\"message\":{\"id\":\"msg_1\"}"),
              event("content_block_delta", "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}"),
              event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}"),
              event("message_stop", "\"x\":1"));
      case IMAGE_GENERATIONS ->
          List.of(
              event("image_generation.partial_image", "\"b64_json\":\"AA\""),
              event("image_generation.completed", "\"b64_json\":\"AAAA\""));
      case IMAGE_EDITS ->
          List.of(
              event("image_edit.partial_image", "\"b64_json\":\"AA\""),
              event("image_edit.completed", "\"b64_json\":\"AAAA\""));
      case TRANSCRIPTIONS ->
          List.of(
              event("transcript.text.delta", "\"delta\":\"Hel\""),
              event("transcript.text.done", "\"text\":\"Hello\""));
      case CHAT_COMPLETIONS,
          EMBEDDINGS,
          MODERATIONS,
          RESPONSE,
          RESPONSE_DELETION,
          RESPONSE_CANCELLATION,
          RESPONSE_INPUT,
          MESSAGE_TOKENS,
          SPEECH,
          TRANSLATIONS ->
          throw new IllegalStateException("no stream of: " + operation);
    };
  }

  private static String choice(String text, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
        + "\"choices\":[{\"index\":0,\"text\":\""
        + text
        + "\",\"finish_reason\":"
        + finishReason
        + "}]}\n\n";
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }

  @Override
  public String toString() {
    return operation + " " + form;
  }
}
