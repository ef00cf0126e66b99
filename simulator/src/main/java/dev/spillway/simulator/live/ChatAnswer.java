package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** A chat completion sent whole when its last token is there. */
final class ChatAnswer implements Generation.Answer {
  private final HttpReply reply;
  private final AnswerHead head;
  private final AnswerPlan plan;

  ChatAnswer(HttpReply reply, AnswerHead head, AnswerPlan plan) {
    this.reply = reply;
    this.head = head;
    this.plan = plan;
  }

  @Override
  public void token(int generated) {}

  @Override
  public void complete() {
    var json = new StringBuilder(head.json("chat.completion"));
    json.append(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"");
    int left = plan.visibleBytes();
    for (int position = 0; position < plan.outputTokens() && left > 0; position++) {
      byte[] token = plan.text().token(position);
      int shown = Math.min(token.length, left);
      json.append(new String(token, 0, shown, US_ASCII));
      left -= shown;
    }
    json.append("\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"");
    json.append(plan.finishReason().wireName()).append("\"}],");
    json.append(AnswerHead.usage(plan.call().inputTokens(), plan.outputTokens())).append('}');
    reply.json(json);
  }

  @Override
  public AnswerPlan.FinishReason finishReason() {
    return plan.finishReason();
  }
}
