package dev.spillway.testkit.faulty;

import static dev.spillway.testkit.json.JsonTree.quote;

import dev.spillway.testkit.faulty.ChatRequest.Form;
import dev.spillway.testkit.faulty.ChatRequest.StreamUsage;
import dev.spillway.testkit.faulty.WordEngine.Generation;
import dev.spillway.testkit.faulty.WordEngine.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a well provider answers to a request: all at once, and as events. */
public final class ChatAnswer {
  private static final String TOOL = "look_up";

  private final ChatRequest request;
  private final String id;
  private final String model;
  private final List<Generation> generations;

  /** Under this id, from a model of this name. */
  public ChatAnswer(ChatRequest request, String id, String model) {
    this.request = request;
    this.id = id;
    this.model = model;
    this.generations =
        IntStream.range(0, request.choices())
            .mapToObj(choice -> WordEngine.generate(request, choice))
            .toList();
  }

  /** The answer to a client's body, whoever gives it. */
  public static ChatAnswer to(String body) {
    return new ChatAnswer(ChatRequest.read(body), "any", "any");
  }

  /** What an event of a stream tells. */
  public enum Kind {
    ROLE,
    THOUGHT,
    CONTENT,
    FINISH,
    USAGE,
    DONE
  }

  /** One event of a stream, as it is sent. */
  public record Event(Kind kind, String text) {}

  /** The text, or the arguments, of the first choice. */
  public String text() {
    return generations.getFirst().text();
  }

  /** Why the first choice ended. */
  public String finishReason() {
    return generations.getFirst().finishReason();
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return generations.getFirst().promptTokens();
  }

  /** Tokens of all choices. */
  public int completionTokens() {
    return generations.stream().mapToInt(Generation::completionTokens).sum();
  }

  /** The answer all at once. */
  public String json() {
    List<String> choices = new ArrayList<>();
    for (int i = 0; i < generations.size(); i++) {
      Generation each = generations.get(i);
      String message =
          "\"message\":{\"role\":\"assistant\"," + thoughts(each) + said(each.text()) + "}";
      choices.add(
          "{\"index\":"
              + i
              + ","
              + (request.isCompletion() ? text(each.text()) : message)
              + ",\"finish_reason\":"
              + quote(each.finishReason())
              + logprobs(each.text())
              + "}");
    }
    return head(request.isCompletion() ? "text_completion" : "chat.completion")
        + ",\"choices\":["
        + String.join(",", choices)
        + "],\"usage\":"
        + usage(completionTokens())
        + "}";
  }

  /** The answer as events, the last of them {@code [DONE]}. */
  public List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < generations.size(); i++) {
      addChoice(events, i, generations.get(i));
    }
    if (request.usage() != StreamUsage.NONE) {
      String usage = ",\"usage\":" + usage(completionTokens());
      events.add(event(Kind.USAGE, headOfChunk() + ",\"choices\":[]" + usage));
    }
    events.add(new Event(Kind.DONE, "data: [DONE]\n\n"));
    return List.copyOf(events);
  }

  private void addChoice(List<Event> events, int index, Generation generation) {
    if (!request.isCompletion()) {
      String delta = "{\"role\":\"assistant\",\"content\":\"\"}";
      events.add(chunk(Kind.ROLE, index, "\"delta\":" + delta, "null", 0));
    }
    int thoughts = 0;
    for (String each : generation.thoughts()) {
      String delta = "{\"reasoning_content\":" + quote(each) + "}";
      events.add(chunk(Kind.THOUGHT, index, "\"delta\":" + delta, "null", ++thoughts));
    }
    boolean first = true;
    for (Piece each : generation.pieces()) {
      String delta = "{" + (isToolCall() ? call(each, first) : said(each.text())) + "}";
      String said =
          request.isCompletion() ? text(each.text()) : "\"delta\":" + delta + logprobs(each.text());
      events.add(chunk(Kind.CONTENT, index, said, "null", thoughts + each.tokens()));
      first = false;
    }
    String reason = quote(generation.finishReason());
    String nothing = request.isCompletion() ? text("") : "\"delta\":{}";
    events.add(chunk(Kind.FINISH, index, nothing, reason, generation.completionTokens()));
  }

  private boolean isToolCall() {
    return request.form() == Form.TOOL_CALL;
  }

  private static String text(String text) {
    return "\"text\":" + quote(text) + ",\"logprobs\":null";
  }

  private String said(String text) {
    return isToolCall()
        ? "\"content\":null,\"tool_calls\":[{" + identity(text) + "}]"
        : "\"content\":" + quote(text);
  }

  /** Only the first part of a call says whose it is. */
  private static String call(Piece piece, boolean first) {
    return "\"tool_calls\":[{\"index\":0,"
        + (first
            ? identity(piece.text())
            : "\"function\":{\"arguments\":" + quote(piece.text()) + "}")
        + "}]";
  }

  private static String identity(String arguments) {
    return "\"id\":\"call-1\",\"type\":\"function\",\"function\":{\"name\":"
        + quote(TOOL)
        + ",\"arguments\":"
        + quote(arguments)
        + "}";
  }

  private static String thoughts(Generation generation) {
    return generation.thoughts().isEmpty()
        ? ""
        : "\"reasoning_content\":" + quote(String.join("", generation.thoughts())) + ",";
  }

  private String logprobs(String text) {
    return request.logprobs() && !request.isCompletion()
        ? ",\"logprobs\":{\"content\":[{\"token\":"
            + quote(text)
            + ",\"logprob\":-0.1,\"bytes\":null,\"top_logprobs\":[]}]}"
        : "";
  }

  private Event chunk(Kind kind, int index, String said, String finishReason, int tokens) {
    String usage = request.usage() == StreamUsage.RUNNING ? ",\"usage\":" + usage(tokens) : "";
    return event(
        kind,
        headOfChunk()
            + ",\"choices\":[{\"index\":"
            + index
            + ","
            + said
            + ",\"finish_reason\":"
            + finishReason
            + "}]"
            + usage);
  }

  private String headOfChunk() {
    return head(request.isCompletion() ? "text_completion" : "chat.completion.chunk");
  }

  private String head(String object) {
    return "{\"id\":"
        + quote(id)
        + ",\"object\":"
        + quote(object)
        + ",\"created\":1,\"model\":"
        + quote(model);
  }

  private String usage(int completion) {
    return "{\"prompt_tokens\":"
        + promptTokens()
        + ",\"completion_tokens\":"
        + completion
        + ",\"total_tokens\":"
        + (promptTokens() + completion)
        + "}";
  }

  private static Event event(Kind kind, String openJson) {
    return new Event(kind, "data: " + openJson + "}\n\n");
  }
}
