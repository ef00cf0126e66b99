package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.live.TextCall.StreamUsage;
import io.netty.buffer.ByteBuf;

/** Chat completions; all that does not change from token to token is made once. */
final class ChatWording implements Wording {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);
  private static final int ROOM = 512;

  private final AnswerHead head;
  private final AnswerPlan plan;
  private final StreamUsage usage;
  private final byte[] begin;
  private final byte[] end;
  private final byte[] tokenBegin;
  private final byte[] tokenEnd;

  ChatWording(AnswerHead head, AnswerPlan plan) {
    this.head = head;
    this.plan = plan;
    this.usage = plan.call().usage();
    this.begin = ("data: " + head.json("chat.completion.chunk") + ",\"choices\":[").getBytes(UTF_8);
    this.end = (usage == StreamUsage.INCLUDED ? "],\"usage\":null}\n\n" : "]}\n\n").getBytes(UTF_8);
    boolean calls = plan.call().shape() instanceof Shape.ToolCall;
    String open =
        calls ? "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" : "{\"content\":\"";
    String close = calls ? "\"}}]}" : "\"}";
    this.tokenBegin = ("{\"index\":0,\"delta\":" + open).getBytes(UTF_8);
    this.tokenEnd = (close + ",\"logprobs\":null,\"finish_reason\":null}").getBytes(UTF_8);
  }

  @Override
  public int eventBytes() {
    return ROOM;
  }

  @Override
  public void open(ByteBuf to) {
    event(
        "{\"index\":0,\"delta\":{\"role\":\"assistant\","
            + (plan.call().shape() instanceof Shape.ToolCall(String name, String arguments)
                ? "\"content\":null,\"tool_calls\":[{\"index\":0," + call(name, "") + "}]"
                : "\"content\":\"\"")
            + ",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}",
        to);
  }

  @Override
  public void token(byte[] shown, ByteBuf to) {
    to.writeBytes(begin).writeBytes(tokenBegin).writeBytes(shown);
    to.writeBytes(tokenEnd).writeBytes(end);
  }

  @Override
  public void close(int generated, ByteBuf to) {
    String reason = plan.finishReason().wireName();
    event("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"" + reason + "\"}", to);
    if (usage == StreamUsage.INCLUDED) {
      String counted = "]," + AnswerHead.usage(plan.call().prompt().tokens(), generated) + "}\n\n";
      to.writeBytes(begin).writeBytes(counted.getBytes(UTF_8));
    }
    to.writeBytes(DONE);
  }

  /** As vLLM does it: an event like any other, and then the end. */
  @Override
  public void fail(ApiError error, ByteBuf to) {
    to.writeBytes(("data: " + error.json() + "\n\n").getBytes(UTF_8)).writeBytes(DONE);
  }

  @Override
  public CharSequence whole(String text) {
    String said =
        plan.call().shape() instanceof Shape.ToolCall(String name, String arguments)
            ? "\"content\":null,\"tool_calls\":[{" + call(name, text) + "}]"
            : "\"content\":\"" + text + "\"";
    return head.json("chat.completion")
        + ",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        + said
        + ",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\""
        + plan.finishReason().wireName()
        + "\"}],"
        + AnswerHead.usage(plan.call().prompt().tokens(), plan.outputTokens())
        + "}";
  }

  private void event(String choice, ByteBuf to) {
    to.writeBytes(begin).writeBytes(choice.getBytes(UTF_8)).writeBytes(end);
  }

  private String call(String name, String arguments) {
    var json = new StringBuilder("\"id\":\"").append(head.callId());
    json.append("\",\"type\":\"function\",\"function\":{\"name\":");
    Json.quote(name, json);
    return json.append(",\"arguments\":\"").append(arguments).append("\"}").toString();
  }
}
