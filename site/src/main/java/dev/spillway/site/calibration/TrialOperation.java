package dev.spillway.site.calibration;

import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.sse.SseScanner;
import java.util.concurrent.ThreadLocalRandom;

/** How an engine is asked: as for a chat, or, if it knows no chat, to go on with a text. */
enum TrialOperation {
  /** As most do. */
  CHAT("/chat/completions", SseScanner.Data.CHAT),
  /** As a model without a template for chats does. */
  COMPLETIONS("/completions", SseScanner.Data.COMPLETIONS);

  private static final String ASKS =
      "Count from one to one hundred, in words, and stop at nothing.";
  private static final int WORD_LETTERS = 3;
  private static final int LETTERS = 26;

  private final String path;
  private final SseScanner.Data data;

  TrialOperation(String path, SseScanner.Data data) {
    this.path = path;
    this.data = data;
  }

  String path() {
    return path;
  }

  SseScanner.Data data() {
    return data;
  }

  byte[] body(String model, Trial trial) {
    String prompt = prompt(trial.promptTokens());
    JsonWriter json = new JsonWriter(prompt.length() + 256).beginObject();
    json.name("model").value(model);
    if (this == CHAT) {
      json.name("messages").beginArray().beginObject();
      json.name("role").value("user").name("content").value(prompt).endObject().endArray();
    } else {
      json.name("prompt").value(prompt);
    }
    json.name("max_tokens").value(trial.outputTokens()).name("temperature").value(0);
    json.name("stream").value(true).name("stream_options").beginObject();
    json.name("include_usage").value(true).endObject();
    return json.endObject().toByteArray();
  }

  /** Words that no prompt began with before, so that no cache holds any of it. */
  private static String prompt(int tokens) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    StringBuilder words = new StringBuilder((WORD_LETTERS + 1) * tokens + ASKS.length());
    while (words.length() < (WORD_LETTERS + 1) * tokens - ASKS.length()) {
      for (int i = 0; i < WORD_LETTERS; i++) {
        words.append((char) ('a' + random.nextInt(LETTERS)));
      }
      words.append(' ');
    }
    return words.append(ASKS).toString();
  }
}
