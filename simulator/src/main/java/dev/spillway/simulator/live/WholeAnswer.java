package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

/** An answer sent whole when its last token is there. */
final class WholeAnswer implements Generation.Answer {
  private final HttpReply reply;
  private final AnswerPlan plan;
  private final Wording wording;

  WholeAnswer(HttpReply reply, AnswerPlan plan, Wording wording) {
    this.reply = reply;
    this.plan = plan;
    this.wording = wording;
  }

  @Override
  public void token(int generated) {}

  @Override
  public void complete() {
    switch (plan.fault()) {
      case null -> reply.json(wording.whole(text()));
      case Fault.ErrorEvent error -> reply.error(ApiError.simulated(500, null));
      case Fault.Cut cut -> reply.reset();
      case Fault.Stall stall -> {}
      case Fault.Status refused -> throw new IllegalStateException("refused, yet answered");
    }
  }

  @Override
  public AnswerPlan.FinishReason finishReason() {
    return plan.finishReason();
  }

  private String text() {
    var tokens = new ShownTokens(plan);
    var text = new StringBuilder();
    for (int made = 0; made < plan.outputTokens(); made++) {
      text.append(new String(tokens.next(), UTF_8));
    }
    return text.toString();
  }
}
