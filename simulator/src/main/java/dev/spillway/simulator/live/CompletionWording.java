package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.live.TextCall.StreamUsage;
import io.netty.buffer.ByteBuf;

/** Legacy completions. */
final class CompletionWording implements Wording {
  private static final int ROOM = 256;

  private final AnswerHead head;
  private final AnswerPlan plan;
  private final byte[] tokenBegin;
  private final byte[] tokenEnd;

  CompletionWording(AnswerHead head, AnswerPlan plan) {
    this.head = head;
    this.plan = plan;
    this.tokenBegin = ("data: " + begin()).getBytes(UTF_8);
    this.tokenEnd = (choiceEnd("null") + "]" + noUsage() + "}\n\n").getBytes(UTF_8);
  }

  @Override
  public int eventBytes() {
    return ROOM;
  }

  @Override
  public void open(ByteBuf to) {}

  @Override
  public void token(byte[] shown, ByteBuf to) {
    to.writeBytes(tokenBegin).writeBytes(shown).writeBytes(tokenEnd);
  }

  @Override
  public void close(int generated, ByteBuf to) {
    String reason = "\"" + plan.finishReason().wireName() + "\"";
    String last = "data: " + begin() + choiceEnd(reason) + "]" + noUsage() + "}\n\n";
    String counted =
        isCounted()
            ? "data: "
                + head.json("text_completion")
                + ",\"choices\":[],"
                + AnswerHead.usage(plan.call().prompt().tokens(), generated)
                + "}\n\n"
            : "";
    to.writeBytes((last + counted + "data: [DONE]\n\n").getBytes(UTF_8));
  }

  @Override
  public void fail(ApiError error, ByteBuf to) {
    to.writeBytes(("data: " + error.json() + "\n\ndata: [DONE]\n\n").getBytes(UTF_8));
  }

  @Override
  public CharSequence whole(String text) {
    return begin()
        + text
        + choiceEnd("\"" + plan.finishReason().wireName() + "\"")
        + "],"
        + AnswerHead.usage(plan.call().prompt().tokens(), plan.outputTokens())
        + "}";
  }

  private String begin() {
    return head.json("text_completion") + ",\"choices\":[{\"index\":0,\"text\":\"";
  }

  private static String choiceEnd(String reason) {
    return "\",\"logprobs\":null,\"finish_reason\":" + reason + "}";
  }

  private String noUsage() {
    return isCounted() ? ",\"usage\":null" : "";
  }

  private boolean isCounted() {
    return plan.call().usage() == StreamUsage.INCLUDED;
  }
}
