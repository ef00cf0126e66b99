package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.text.AnswerText;
import dev.spillway.simulator.text.AnswerText.Place;
import dev.spillway.simulator.text.FixedText;
import dev.spillway.simulator.text.SimulatedText;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer will be and why it will end; known beforehand, since its text is.
 *
 * @param call what was asked
 * @param text what it says from its beginning on, or the arguments of the tool it calls
 * @param begin where in the text it begins; past the start if it goes on with an answer
 * @param outputTokens how many tokens the engine makes of it, at least 1
 * @param visibleBytes how much of them is shown, bytes; less than all if a stop text cuts the end
 * @param finishReason as the answer will give it
 * @param fault what happens instead of its end, or null
 */
record AnswerPlan(
    TextCall call,
    AnswerText text,
    Place begin,
    int outputTokens,
    int visibleBytes,
    FinishReason finishReason,
    @Nullable Fault fault) {
  /** Why an answer ends. */
  enum FinishReason {
    STOP,
    LENGTH,
    TOOL_CALLS;

    String wireName() {
      return switch (this) {
        case STOP -> "stop";
        case LENGTH -> "length";
        case TOOL_CALLS -> "tool_calls";
      };
    }
  }

  static AnswerPlan of(TextCall call, long seed) {
    AnswerText text = text(call, seed, call.prompt().hash());
    Place begin = text.after(call.prompt().begun()).orElse(null);
    if (begin == null) {
      text = text(call, seed, call.prompt().foreignHash());
      begin = new Place(0, 0);
    }
    int limit = call.maxTokens().orElse(Integer.MAX_VALUE);
    int natural = Math.max(1, naturalEnd(call, text).orElse(Integer.MAX_VALUE) - begin.token());
    int tokens = Math.min(natural, limit);
    FinishReason reason = natural <= limit ? ownEnd(call) : FinishReason.LENGTH;
    var plan = new AnswerPlan(call, text, begin, tokens, Integer.MAX_VALUE, reason, null);
    return call.stops().isEmpty() ? plan : plan.stopped();
  }

  /** The same answer, this happening on the way. */
  AnswerPlan failing(Fault otherFault) {
    int tokens = otherFault.afterTokens().orElse(outputTokens);
    return tokens > outputTokens
        ? this
        : new AnswerPlan(call, text, begin, tokens, visibleBytes, finishReason, otherFault);
  }

  private static AnswerText text(TextCall call, long seed, long hash) {
    return switch (call.shape()) {
      case Shape.Prose prose -> new SimulatedText(hash, seed);
      case Shape.Json(String document) -> new FixedText(document);
      case Shape.ToolCall(String name, String arguments) -> new FixedText(arguments);
    };
  }

  /** After how many tokens it ends by itself; words go on for as long as a caller allows. */
  private static OptionalInt naturalEnd(TextCall call, AnswerText text) {
    if (call.shape() instanceof Shape.Prose) {
      if (call.wantedTokens().isPresent()) {
        return call.wantedTokens();
      }
      if (call.maxTokens().isPresent()) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of(text.naturalTokens());
  }

  private static FinishReason ownEnd(TextCall call) {
    return call.shape() instanceof Shape.ToolCall ? FinishReason.TOOL_CALLS : FinishReason.STOP;
  }

  /** The answer ends before the first stop text it would contain, if it would. */
  private AnswerPlan stopped() {
    var said = new StringBuilder();
    int longest = call.stops().stream().mapToInt(String::length).max().orElse(0);
    for (int made = 0; made < outputTokens; made++) {
      int searchFrom = Math.max(0, said.length() - longest);
      byte[] token = text.token(begin.token() + made);
      int skipped = made == 0 ? begin.byteOfToken() : 0;
      said.append(new String(token, skipped, token.length - skipped, UTF_8));
      int cut = firstStop(said, searchFrom);
      if (cut >= 0) {
        int visible = said.substring(0, cut).getBytes(UTF_8).length;
        return new AnswerPlan(call, text, begin, made + 1, visible, FinishReason.STOP, fault);
      }
    }
    return this;
  }

  private int firstStop(StringBuilder said, int searchFrom) {
    return call.stops().stream()
        .mapToInt(stop -> said.indexOf(stop, searchFrom))
        .filter(at -> at >= 0)
        .min()
        .orElse(-1);
  }
}
