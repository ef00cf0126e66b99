package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * How long an answer will be and why it will end; known beforehand, since its text is.
 *
 * @param call what was asked
 * @param text what it says
 * @param outputTokens how many tokens of it the engine makes, at least 1
 * @param visibleBytes how much of them is shown, bytes; less than all if a stop text cuts the end
 * @param finishReason as the answer will give it
 */
record AnswerPlan(
    ChatCall call,
    SimulatedText text,
    int outputTokens,
    int visibleBytes,
    FinishReason finishReason) {
  /** A natural length without any wish of the caller's: from 64 tokens, fewer than 320. */
  private static final int SHORTEST = 64;

  private static final int SPREAD = 256;

  /** Why an answer ends. */
  enum FinishReason {
    STOP,
    LENGTH;

    String wireName() {
      return this == STOP ? "stop" : "length";
    }
  }

  static AnswerPlan of(ChatCall call, long seed) {
    var text = new SimulatedText(SimulatedText.mixed(call.promptHash() ^ seed));
    int limit = call.maxTokens().orElse(Integer.MAX_VALUE);
    int natural =
        call.wantedTokens()
            .orElseGet(() -> call.maxTokens().orElseGet(() -> SHORTEST + text.drawn(SPREAD)));
    boolean endsItself =
        call.wantedTokens().isPresent() ? natural <= limit : call.maxTokens().isEmpty();
    int tokens = Math.min(natural, limit);
    FinishReason reason = endsItself ? FinishReason.STOP : FinishReason.LENGTH;
    return call.stops().isEmpty()
        ? new AnswerPlan(call, text, tokens, Integer.MAX_VALUE, reason)
        : stopped(text, tokens, reason, call);
  }

  /** The answer ends before the first stop text it would contain, if it would. */
  private static AnswerPlan stopped(
      SimulatedText text, int tokens, FinishReason reason, ChatCall call) {
    var said = new StringBuilder();
    int longest = call.stops().stream().mapToInt(String::length).max().orElse(0);
    for (int position = 0; position < tokens; position++) {
      int searchFrom = Math.max(0, said.length() - longest);
      said.append(new String(text.token(position), US_ASCII));
      int cut = firstStop(said, searchFrom, call);
      if (cut >= 0) {
        return new AnswerPlan(call, text, position + 1, cut, FinishReason.STOP);
      }
    }
    return new AnswerPlan(call, text, tokens, Integer.MAX_VALUE, reason);
  }

  private static int firstStop(StringBuilder said, int searchFrom, ChatCall call) {
    return call.stops().stream()
        .mapToInt(stop -> said.indexOf(stop, searchFrom))
        .filter(at -> at >= 0)
        .min()
        .orElse(-1);
  }
}
