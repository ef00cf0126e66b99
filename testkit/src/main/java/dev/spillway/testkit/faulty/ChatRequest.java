package dev.spillway.testkit.faulty;

import dev.spillway.testkit.json.JsonTree;
import java.util.List;

/**
 * A request of chat or completions, as far as {@link WordEngine} cares. A prompt is a conversation
 * too: its first line is the user's, and what stands behind that is the beginning of the answer.
 *
 * @param isCompletion whether it has a prompt, and is to be answered as such
 * @param messages the conversation; with {@link Resumption#FINAL_MESSAGE}, the last one is the
 *     beginning of the answer
 * @param resumption whether the last message is to be gone on with
 * @param streams whether the answer is wanted as a stream
 * @param usage which counts a stream is to carry
 * @param choices how many answers, at least 1
 * @param maxTokens the most tokens of an answer; {@link Integer#MAX_VALUE} if nothing was said
 * @param stops strings that end an answer and are not part of it
 * @param form what kind of answer
 * @param reasons whether the answer thinks first
 * @param logprobs whether each token comes with its probability
 */
public record ChatRequest(
    boolean isCompletion,
    List<Message> messages,
    Resumption resumption,
    boolean streams,
    StreamUsage usage,
    int choices,
    int maxTokens,
    List<String> stops,
    Form form,
    boolean reasons,
    boolean logprobs) {
  /** Copies. */
  public ChatRequest {
    messages = List.copyOf(messages);
    stops = List.copyOf(stops);
  }

  /** Who said what. */
  public record Message(String role, String content) {}

  /** As vLLM takes it. */
  public enum Resumption {
    /** A new answer. */
    NONE,
    /** {@code continue_final_message} without {@code add_generation_prompt}. */
    FINAL_MESSAGE,
    /** Half of what vLLM wants to see: it refuses. */
    CONTRADICTORY
  }

  /** What {@code stream_options} asks for. */
  public enum StreamUsage {
    /** Nothing. */
    NONE,
    /** {@code include_usage}: a chunk of its own at the end. */
    AT_THE_END,
    /** {@code continuous_usage_stats}: in every chunk as well. */
    RUNNING
  }

  /** What an answer is made of. */
  public enum Form {
    /** Words. */
    TEXT,
    /** One JSON object. */
    JSON,
    /** A call of the first tool. */
    TOOL_CALL
  }

  /** Reads a body; throws if it is not JSON. */
  public static ChatRequest read(String body) {
    JsonTree json = JsonTree.read(body);
    JsonTree prompt = json.at("prompt");
    List<Message> messages =
        prompt.isThere()
            ? messagesOf(prompt.text())
            : json.at("messages").elements().stream()
                .map(each -> new Message(each.at("role").text(), each.at("content").text()))
                .toList();
    return new ChatRequest(
        prompt.isThere(),
        messages,
        prompt.isThere() ? resumptionOfPrompt(messages) : resumption(json, messages),
        json.at("stream").isTrue(),
        usage(json.at("stream_options")),
        (int) json.at("n").numberOr(1),
        (int)
            json.at("max_completion_tokens")
                .numberOr(json.at("max_tokens").numberOr(Integer.MAX_VALUE)),
        stops(json.at("stop")),
        form(json),
        json.at("reasoning_effort").isThere(),
        json.at("logprobs").isTrue());
  }

  /** The conversation before the answer that is to be gone on with. */
  List<Message> question() {
    return resumption == Resumption.FINAL_MESSAGE
        ? messages.subList(0, messages.size() - 1)
        : messages;
  }

  /** What the answer begins with; empty for a new one. */
  public String prefill() {
    return resumption == Resumption.FINAL_MESSAGE ? messages.getLast().content() : "";
  }

  private static List<Message> messagesOf(String prompt) {
    int end = prompt.indexOf('\n') + 1;
    return end == 0 || end == prompt.length()
        ? List.of(new Message("user", prompt))
        : List.of(
            new Message("user", prompt.substring(0, end)),
            new Message("assistant", prompt.substring(end)));
  }

  private static Resumption resumptionOfPrompt(List<Message> messages) {
    return messages.size() > 1 ? Resumption.FINAL_MESSAGE : Resumption.NONE;
  }

  private static Resumption resumption(JsonTree json, List<Message> messages) {
    boolean continues = json.at("continue_final_message").isTrue();
    JsonTree prompt = json.at("add_generation_prompt");
    if (!continues) {
      return Resumption.NONE;
    }
    boolean prompts = !prompt.isThere() || prompt.isTrue();
    boolean answerIsLast = !messages.isEmpty() && messages.getLast().role().equals("assistant");
    return prompts || !answerIsLast ? Resumption.CONTRADICTORY : Resumption.FINAL_MESSAGE;
  }

  private static StreamUsage usage(JsonTree options) {
    if (!options.at("include_usage").isTrue()) {
      return StreamUsage.NONE;
    }
    return options.at("continuous_usage_stats").isTrue()
        ? StreamUsage.RUNNING
        : StreamUsage.AT_THE_END;
  }

  private static List<String> stops(JsonTree stop) {
    return stop.text().isEmpty()
        ? stop.elements().stream().map(JsonTree::text).toList()
        : List.of(stop.text());
  }

  private static Form form(JsonTree json) {
    if (json.at("tools", 0).isThere()) {
      return Form.TOOL_CALL;
    }
    return json.at("response_format", "type").text().startsWith("json") ? Form.JSON : Form.TEXT;
  }
}
