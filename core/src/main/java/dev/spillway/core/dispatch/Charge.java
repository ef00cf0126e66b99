package dev.spillway.core.dispatch;

import dev.spillway.core.model.Usage;

/**
 * What the tenant of a journey is charged: what gave it content, and what it left before there was
 * any. What the platform tried in vain while another attempt answered is the platform's.
 */
final class Charge {
  private long tokens;
  private long shownTokens;

  void add(Itinerary.Held attempt, Usage used) {
    tokens += used.inputTokens() + used.outputTokens();
    if (attempt.reservation().hasContent()) {
      shownTokens += used.outputTokens();
    }
  }

  /** Input and output, of all that was added. */
  long tokens() {
    return tokens;
  }

  /** Output tokens of the attempts that ended and whose content began. */
  long shownTokens() {
    return shownTokens;
  }
}
