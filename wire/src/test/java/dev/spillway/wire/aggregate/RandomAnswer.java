package dev.spillway.wire.aggregate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A choice of chat as a whole, and the deltas that a provider streams for it: the fields in turn,
 * or mixed, in pieces that may split characters.
 */
final class RandomAnswer {
  private static final String[] PARTS = {
    "a", " the", "\"", "\\", "\n", "é", "中", "😀", "{\"", "}", "\u0000"
  };

  private final RandomGenerator random;
  private final Map<String, Object> message = new LinkedHashMap<>();
  private final List<String> deltas = new ArrayList<>();

  RandomAnswer(RandomGenerator random) {
    this.random = random;
    message.put("role", "assistant");
    String content = random.nextInt(4) == 0 ? "" : text();
    String refusal = random.nextInt(4) == 0 ? text() : "";
    List<Map<String, Object>> calls = calls();
    boolean other = !refusal.isEmpty() || !calls.isEmpty();
    message.put("content", content.isEmpty() && other ? null : content);
    message.put("refusal", refusal.isEmpty() ? null : refusal);
    strings("content", content);
    strings("refusal", refusal);
    if (random.nextBoolean()) {
      String reasoning = text();
      message.put("reasoning_content", reasoning);
      strings("reasoning_content", reasoning);
    }
    if (!calls.isEmpty()) {
      message.put("tool_calls", calls);
    }
    deltas.addFirst("\"role\":\"assistant\",\"content\":\"\"");
  }

  Map<String, Object> message() {
    return message;
  }

  List<String> deltas() {
    return deltas;
  }

  private List<Map<String, Object>> calls() {
    List<Map<String, Object>> calls = new ArrayList<>();
    int count = Math.max(0, random.nextInt(5) - 2);
    for (int i = 0; i < count; i++) {
      String arguments = text();
      String head =
          "\"id\":\"c" + i + "\",\"type\":\"function\",\"function\":{\"name\":\"f" + i + "\"";
      deltas.add(call(i, head + ",\"arguments\":\"\"}"));
      for (String piece : pieces(arguments)) {
        deltas.add(call(i, "\"function\":{\"arguments\":" + piece + "}"));
      }
      Map<String, Object> function = new LinkedHashMap<>();
      function.put("name", "f" + i);
      function.put("arguments", arguments);
      calls.add(Map.of("id", "c" + i, "type", "function", "function", function));
    }
    return calls;
  }

  private static String call(int index, String members) {
    return "\"tool_calls\":[{\"index\":" + index + "," + members + "}]";
  }

  /** Each piece goes behind the ones before of its field, anywhere among those of the others. */
  private void strings(String field, String text) {
    int at = 0;
    for (String piece : pieces(text)) {
      at += random.nextInt(deltas.size() - at + 1);
      deltas.add(at, "\"" + field + "\":" + piece);
      at++;
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder("x");
    int parts = random.nextInt(20);
    for (int i = 0; i < parts; i++) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }

  /** As JSON strings, every unit escaped. */
  private List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(4));
      StringBuilder piece = new StringBuilder("\"");
      text.substring(at, to).chars().forEach(unit -> piece.append("\\u%04x".formatted(unit)));
      pieces.add(piece.append('"').toString());
      at = to;
    }
    return pieces;
  }
}
