package dev.spillway.simulator.live;

import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.text.SimulatedText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a legacy completion request, of one prompt.
 *
 * <p>A prompt that already ends with some of an answer is gone on with, as by any engine to which a
 * prompt is nothing but the text so far. Where the prompt ends and the answer begins shows in the
 * notice that every answer begins with.
 */
final class CompletionCallReader {
  private static final int DEFAULT_MAX_TOKENS = 16;

  /** Its first word; a prompt that ends so by itself is taken for an answer begun. */
  private static final int SHORTEST_NOTICE = "This".length();

  private final TextOptions options = new TextOptions();
  private final PromptCount count = new PromptCount();
  private @Nullable String prompt;
  private boolean hasPrompt;

  private CompletionCallReader() {}

  static TextCall read(JsonParser json, long seed) throws RequestRefused {
    var reader = new CompletionCallReader();
    Body.eachField(json, reader::field);
    return reader.call(seed);
  }

  private TextCall call(long seed) throws RequestRefused {
    if (!hasPrompt) {
      throw Body.invalid("prompt", "a string, or an array of tokens or of one string");
    }
    options.limitByDefault(DEFAULT_MAX_TOKENS);
    return options.call(
        prompt == null ? withWish(count.hash(), "") : split(prompt, seed), new Shape.Prose());
  }

  /** Takes the answer so far, if there is some, off the prompt. */
  private Prompt split(String text, long seed) {
    int begins = answerBegins(text);
    if (begins >= 0) {
      var before = new PromptCount();
      before.add(text.substring(0, begins));
      String begun = text.substring(begins);
      var answer = new SimulatedText(options.seeded(before.hash()), seed);
      if (answer.after(begun).isPresent()) {
        return withWish(before.hash(), begun);
      }
    }
    return withWish(count.hash(), "");
  }

  /** Where the notice stands at the end, in part, or for the last time as a whole; or -1. */
  private static int answerBegins(String text) {
    String notice = SimulatedText.NOTICE;
    for (int length = notice.length() - 1; length >= SHORTEST_NOTICE; length--) {
      if (text.endsWith(notice.substring(0, length))) {
        return text.length() - length;
      }
    }
    return text.lastIndexOf(notice);
  }

  private Prompt withWish(long hash, String begun) {
    boolean isShort = prompt != null && prompt.length() <= Wish.LONGEST_TEXT;
    Wish wish = isShort ? Wish.in(String.valueOf(prompt)) : new Wish.Nothing();
    return new Prompt(count.tokens(), hash, begun, wish);
  }

  private void field(String name, JsonParser json) throws RequestRefused {
    if (name.equals("prompt")) {
      prompt(json);
    } else {
      options.field(name, json);
    }
  }

  private void prompt(JsonParser json) throws RequestRefused {
    switch (json.currentToken()) {
      case VALUE_STRING -> text(json);
      case START_ARRAY -> {
        int tokens = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            count.mix(json.getLongValue());
            hasPrompt = true;
            tokens++;
          } else {
            text(json);
          }
        }
        count.addTokens(tokens);
      }
      default -> throw Body.invalid("prompt", "a string or an array");
    }
  }

  private void text(JsonParser json) throws RequestRefused {
    if (hasPrompt) {
      throw Body.invalid("prompt", "one prompt, the only number served here");
    }
    prompt = Body.text(json, "prompt");
    count.add(prompt);
    hasPrompt = true;
  }
}
