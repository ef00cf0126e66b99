package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The tokens of an answer one after another, as they are written within JSON strings: without what
 * has been said before, and without what a stop text cuts off.
 */
final class ShownTokens {
  private static final byte[] NOTHING = {};

  private final AnswerPlan plan;
  private int position;
  private int skip;
  private int visibleLeft;

  ShownTokens(AnswerPlan plan) {
    this.plan = plan;
    this.position = plan.begin().token();
    this.skip = plan.begin().byteOfToken();
    this.visibleLeft = plan.visibleBytes();
  }

  /** What is shown of the next token, which may be nothing. Not to be changed. */
  byte[] next() {
    byte[] token = plan.text().token(position);
    int from = skip;
    int shown = Math.min(token.length - from, visibleLeft);
    skip = 0;
    visibleLeft -= shown;
    byte[] whole = plan.text().escaped(position++);
    if (shown == token.length) {
      return whole;
    }
    return shown == 0 ? NOTHING : escaped(Arrays.copyOfRange(token, from, from + shown));
  }

  private static byte[] escaped(byte[] text) {
    char[] quoted = JsonStringEncoder.getInstance().quoteAsCharArray(new String(text, UTF_8));
    return new String(quoted).getBytes(UTF_8);
  }
}
