package dev.spillway.app.replay;

import dev.spillway.simulator.trace.TraceRequest;
import dev.spillway.wire.json.JsonWriter;

/**
 * Makes the body of a request of a trace, which holds no text: words that count as about the
 * recorded number of tokens, the same for the same request, different from the first on between
 * requests.
 */
final class Prompt {
  private static final int BYTES_PER_TOKEN = 4;
  private static final String WORDS =
      "the river rose over night and the mill stood still so we opened the gate and let the high "
          + "water run by a side way to the lower field until the morning came and it fell again ";

  private Prompt() {}

  static byte[] body(TraceRequest request, long number, String model) {
    JsonWriter json = new JsonWriter(256 + request.inputTokens() * BYTES_PER_TOKEN);
    json.beginObject().name("model").value(model).name("stream").value(true);
    json.name("stream_options").beginObject().name("include_usage").value(true).endObject();
    json.name("max_tokens").value(request.outputTokens());
    json.name("messages").beginArray().beginObject().name("role").value("user");
    json.name("content").value(text(request.inputTokens(), number));
    return json.endObject().endArray().endObject().toByteArray();
  }

  private static String text(int tokens, long number) {
    StringBuilder text = new StringBuilder(tokens * BYTES_PER_TOKEN + 32);
    text.append("Request ").append(number).append(": ");
    while (text.length() < tokens * BYTES_PER_TOKEN) {
      text.append(WORDS);
    }
    text.setLength(Math.max(16, tokens * BYTES_PER_TOKEN));
    return text.toString();
  }
}
