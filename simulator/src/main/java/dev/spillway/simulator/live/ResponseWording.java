package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.live.AnswerPlan.FinishReason;
import dev.spillway.simulator.live.TextCall.Shape;
import io.netty.buffer.ByteBuf;

/** The Responses API: one item, a message or a call, and the events that build it up. */
final class ResponseWording implements Wording {
  private static final int ROOM = 512;

  private final AnswerHead head;
  private final AnswerPlan plan;
  private final String item;
  private final String deltaType;
  private final byte[] deltaBegin;
  private final KeptResponses kept;
  private final StringBuilder said = new StringBuilder();
  private long events;

  /**
   * One answer.
   *
   * @param kept keeps it when it is whole, under the id of its head
   */
  ResponseWording(AnswerHead head, AnswerPlan plan, KeptResponses kept) {
    this.head = head;
    this.plan = plan;
    this.kept = kept;
    boolean calls = isCall();
    this.item = "\"item_id\":\"" + itemId() + "\",\"output_index\":0";
    this.deltaType =
        calls ? "response.function_call_arguments.delta" : "response.output_text.delta";
    this.deltaBegin =
        begin(deltaType).append(field()).append(",\"delta\":\"").toString().getBytes(UTF_8);
  }

  @Override
  public int eventBytes() {
    return ROOM;
  }

  @Override
  public void open(ByteBuf to) {
    event("response.created", "\"response\":" + response("in_progress", "", 0), to);
    event("response.in_progress", "\"response\":" + response("in_progress", "", 0), to);
    String empty = item("in_progress", isCall() ? call("") : "\"content\":[]");
    event("response.output_item.added", "\"output_index\":0,\"item\":" + empty, to);
    if (!isCall()) {
      event("response.content_part.added", field() + ",\"part\":" + part(""), to);
    }
  }

  @Override
  public void token(byte[] shown, ByteBuf to) {
    said.append(new String(shown, UTF_8));
    String end =
        (isCall() ? "\"" : "\",\"logprobs\":[]") + ",\"sequence_number\":" + events++ + "}\n\n";
    to.writeBytes(deltaBegin).writeBytes(shown).writeBytes(end.getBytes(UTF_8));
  }

  @Override
  public void close(int generated, ByteBuf to) {
    String text = said.toString();
    if (isCall()) {
      event(
          "response.function_call_arguments.done",
          field() + ",\"name\":" + name() + ",\"arguments\":\"" + text + "\"",
          to);
    } else {
      event(
          "response.output_text.done", field() + ",\"text\":\"" + text + "\",\"logprobs\":[]", to);
      event("response.content_part.done", field() + ",\"part\":" + part(text), to);
    }
    event("response.output_item.done", "\"output_index\":0,\"item\":" + done(text), to);
    event("response." + status(), "\"response\":" + kept(text, generated), to);
  }

  @Override
  public void fail(ApiError error, ByteBuf to) {
    var fields = new StringBuilder("\"code\":\"server_error\",\"message\":");
    Json.quote(error.message(), fields);
    event("error", fields.append(",\"param\":null").toString(), to);
  }

  @Override
  public CharSequence whole(String text) {
    return kept(text, plan.outputTokens());
  }

  private String kept(String text, int generated) {
    String response = response(status(), done(text), generated);
    kept.keep(head.id(), response);
    return response;
  }

  private void event(String type, String fields, ByteBuf to) {
    String end = ",\"sequence_number\":" + events++ + "}\n\n";
    to.writeBytes(begin(type).append(fields).append(end).toString().getBytes(UTF_8));
  }

  private static StringBuilder begin(String type) {
    return new StringBuilder("event: ")
        .append(type)
        .append("\ndata: {\"type\":\"")
        .append(type)
        .append("\",");
  }

  private String response(String status, String output, int generated) {
    boolean cut = status.equals("incomplete");
    return "{\"id\":\""
        + head.id()
        + "\",\"object\":\"response\",\"created_at\":"
        + head.createdSeconds()
        + ",\"status\":\""
        + status
        + "\",\"model\":\""
        + head.model()
        + "\",\"output\":["
        + output
        + "],\"error\":null,\"incomplete_details\":"
        + (cut ? "{\"reason\":\"max_output_tokens\"}" : "null")
        + ",\"instructions\":null,\"metadata\":{},\"parallel_tool_calls\":true,\"temperature\":1.0"
        + ",\"top_p\":1.0,\"tool_choice\":\"auto\",\"tools\":[],\"usage\":"
        + (output.isEmpty() ? "null" : usage(generated))
        + "}";
  }

  private String usage(int generated) {
    int input = plan.call().prompt().tokens();
    return "{\"input_tokens\":"
        + input
        + ",\"input_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},\"output_tokens\":"
        + generated
        + ",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":"
        + ((long) input + generated)
        + "}";
  }

  private String done(String text) {
    return item(status(), isCall() ? call(text) : "\"content\":[" + part(text) + "]");
  }

  private String item(String status, String content) {
    String kind = isCall() ? "\"function_call\"" : "\"message\",\"role\":\"assistant\"";
    return "{\"id\":\""
        + itemId()
        + "\",\"type\":"
        + kind
        + ",\"status\":\""
        + status
        + "\","
        + content
        + "}";
  }

  private String call(String arguments) {
    return "\"call_id\":\""
        + head.callId()
        + "\",\"name\":"
        + name()
        + ",\"arguments\":\""
        + arguments
        + "\"";
  }

  private static String part(String text) {
    return "{\"type\":\"output_text\",\"text\":\""
        + text
        + "\",\"annotations\":[],\"logprobs\":[]}";
  }

  private String field() {
    return isCall() ? item : item + ",\"content_index\":0";
  }

  private String name() {
    var json = new StringBuilder();
    Json.quote(
        plan.call().shape() instanceof Shape.ToolCall(String name, String a) ? name : "", json);
    return json.toString();
  }

  private String itemId() {
    return (isCall() ? "fc_" : "msg_") + head.id();
  }

  private String status() {
    return plan.finishReason() == FinishReason.LENGTH ? "incomplete" : "completed";
  }

  private boolean isCall() {
    return plan.call().shape() instanceof Shape.ToolCall;
  }
}
