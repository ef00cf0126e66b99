package dev.spillway.gateway;

import dev.spillway.testkit.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A streamed chat answer as a client reads it.
 *
 * @param chunks the data of its events, {@code [DONE]} and errors aside, in order
 * @param errors the data of its error events
 * @param dones how often it said {@code [DONE]}
 * @param endsWithDone whether that was the last it said
 */
record StreamRead(List<JsonTree> chunks, List<JsonTree> errors, int dones, boolean endsWithDone) {
  /** Reads a body; throws if an event is no JSON. */
  static StreamRead of(String body) {
    List<JsonTree> chunks = new ArrayList<>();
    List<JsonTree> errors = new ArrayList<>();
    int dones = 0;
    boolean endsWithDone = false;
    for (String event : body.replace("\r\n", "\n").replace('\r', '\n').split("\n\n", -1)) {
      String data =
          event
              .lines()
              .filter(line -> line.startsWith("data: "))
              .map(line -> line.substring(6))
              .reduce("", String::concat);
      if (data.isEmpty()) {
        continue;
      }
      endsWithDone = data.equals("[DONE]");
      if (endsWithDone) {
        dones++;
      } else if (event.startsWith("event: error")) {
        errors.add(JsonTree.read(data));
      } else {
        chunks.add(JsonTree.read(data));
      }
    }
    return new StreamRead(chunks, errors, dones, endsWithDone);
  }

  /** The text, or the arguments of the call, of the first choice. */
  String text() {
    StringBuilder text = new StringBuilder();
    choices()
        .forEach(choice -> {
          text.append(choice.at("text").text());
          text.append(choice.at("delta", "content").text());
          text.append(choice.at("delta", "tool_calls", 0, "function", "arguments").text());
        });
    return text.toString();
  }

  List<String> ids() {
    return chunks.stream().map(each -> each.at("id").text()).distinct().toList();
  }

  /** For each chunk that says a role, its position. */
  List<Integer> roles() {
    return positions("delta", "role");
  }

  List<String> finishReasons() {
    return choices()
        .map(each -> each.at("finish_reason").text())
        .filter(each -> !each.isEmpty())
        .toList();
  }

  /** For each chunk that says why the answer ended, its position. */
  List<Integer> finishes() {
    return positions("finish_reason");
  }

  /** Chunks that say something of the answer. */
  int chunksWithChoices() {
    return (int) choices().filter(JsonTree::isThere).count();
  }

  List<JsonTree> usages() {
    return chunks.stream().map(each -> each.at("usage")).filter(JsonTree::isThere).toList();
  }

  private Stream<JsonTree> choices() {
    return chunks.stream().map(each -> each.at("choices", 0));
  }

  private List<Integer> positions(Object... path) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      if (chunks.get(i).at("choices", 0).at(path).isThere()) {
        positions.add(i);
      }
    }
    return positions;
  }
}
