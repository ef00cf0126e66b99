package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.live.AnswerPlan.FinishReason;
import dev.spillway.simulator.live.TextCall.Shape;
import io.netty.buffer.ByteBuf;

/** Anthropic's Messages API: one block of content, a text or the use of a tool. */
final class MessageWording implements Wording {
  private static final int ROOM = 512;

  private final AnswerHead head;
  private final AnswerPlan plan;
  private final byte[] tokenBegin;

  MessageWording(AnswerHead head, AnswerPlan plan) {
    this.head = head;
    this.plan = plan;
    String delta =
        plan.call().shape() instanceof Shape.ToolCall
            ? "{\"type\":\"input_json_delta\",\"partial_json\":\""
            : "{\"type\":\"text_delta\",\"text\":\"";
    this.tokenBegin =
        (begin("content_block_delta") + ",\"index\":0,\"delta\":" + delta).getBytes(UTF_8);
  }

  @Override
  public int eventBytes() {
    return ROOM;
  }

  @Override
  public void open(ByteBuf to) {
    event("message_start", ",\"message\":" + message("", "null", 0), to);
    event("content_block_start", ",\"index\":0,\"content_block\":" + block("", "{}"), to);
  }

  @Override
  public void token(byte[] shown, ByteBuf to) {
    to.writeBytes(tokenBegin).writeBytes(shown).writeBytes("\"}}\n\n".getBytes(UTF_8));
  }

  @Override
  public void close(int generated, ByteBuf to) {
    event("content_block_stop", ",\"index\":0", to);
    String stop = "{\"stop_reason\":" + stopReason() + ",\"stop_sequence\":null}";
    event(
        "message_delta",
        ",\"delta\":" + stop + ",\"usage\":{\"output_tokens\":" + generated + "}",
        to);
    event("message_stop", "", to);
  }

  @Override
  public void fail(ApiError error, ByteBuf to) {
    var message = new StringBuilder(",\"error\":{\"type\":\"api_error\",\"message\":");
    Json.quote(error.message(), message);
    event("error", message.append('}').toString(), to);
  }

  @Override
  public CharSequence whole(String text) {
    String arguments = plan.call().shape() instanceof Shape.ToolCall(String n, String a) ? a : "";
    return message(block(text, arguments), stopReason(), plan.outputTokens());
  }

  private static void event(String type, String fields, ByteBuf to) {
    to.writeBytes((begin(type) + fields + "}\n\n").getBytes(UTF_8));
  }

  private static String begin(String type) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"";
  }

  private String message(String content, String stopReason, int generated) {
    return "{\"id\":\""
        + head.id()
        + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\""
        + head.model()
        + "\",\"content\":["
        + content
        + "],\"stop_reason\":"
        + stopReason
        + ",\"stop_sequence\":null,\"usage\":{\"input_tokens\":"
        + plan.call().prompt().tokens()
        + ",\"output_tokens\":"
        + generated
        + "}}";
  }

  private String block(String text, String arguments) {
    if (!(plan.call().shape() instanceof Shape.ToolCall(String name, String whole))) {
      return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    }
    var json = new StringBuilder("{\"type\":\"tool_use\",\"id\":\"").append(head.callId());
    json.append("\",\"name\":");
    Json.quote(name, json);
    return json.append(",\"input\":").append(arguments).append('}').toString();
  }

  private String stopReason() {
    FinishReason reason = plan.finishReason();
    return switch (reason) {
      case STOP -> "\"end_turn\"";
      case LENGTH -> "\"max_tokens\"";
      case TOOL_CALLS -> "\"tool_use\"";
    };
  }
}
