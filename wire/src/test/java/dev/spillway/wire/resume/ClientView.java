package dev.spillway.wire.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client makes of the events it gets: every chunk read by Jackson, the texts joined. */
final class ClientView {
  private final StringBuilder text = new StringBuilder();
  private final Set<Object> heads = new LinkedHashSet<>();
  private final List<Object> finishReasons = new ArrayList<>();
  private final List<Object> usages = new ArrayList<>();
  private int marks;
  private int roles;
  private int events;

  void take(Repaired repaired, SseEvent event) {
    switch (repaired) {
      case Repaired.AsItIs _ ->
          take(new ByteSlice(event.array(), event.offset(), event.length()).toString());
      case Repaired.Replaced(ByteSlice with) -> take(with.toString());
      case Repaired.Dropped _ -> {}
    }
  }

  void take(String stream) {
    for (String event : stream.split("\n\n", -1)) {
      if (!event.isEmpty()) {
        assertThat(event).startsWith("data: ").doesNotContain("\n");
        chunk(JsonTree.read(event.substring(6)));
      }
    }
  }

  private void chunk(@Nullable Object chunk) {
    events++;
    heads.add(
        List.of(
            orMissing(JsonTree.at(chunk, "id")),
            orMissing(JsonTree.at(chunk, "created")),
            orMissing(JsonTree.at(chunk, "model"))));
    for (Object choice : (List<?>) orMissing(JsonTree.at(chunk, "choices"))) {
      Object delta = JsonTree.at(choice, "delta");
      Object piece =
          delta == null ? JsonTree.at(choice, "text") : JsonTree.at(choice, "delta", "content");
      text.append(piece instanceof String string ? string : "");
      roles += JsonTree.at(choice, "delta", "role") == null ? 0 : 1;
      Object reason = JsonTree.at(choice, "finish_reason");
      if (reason != null) {
        finishReasons.add(reason);
      }
    }
    if (JsonTree.at(chunk, "usage") instanceof Map<?, ?> usage) {
      usages.add(usage);
    }
    marks += "estimated".equals(JsonTree.at(chunk, "spillway", "usage")) ? 1 : 0;
  }

  String text() {
    return text.toString();
  }

  Set<Object> heads() {
    return heads;
  }

  List<Object> finishReasons() {
    return finishReasons;
  }

  List<Object> usages() {
    return usages;
  }

  /** How many chunks say that their usage is an estimate. */
  int marks() {
    return marks;
  }

  int roles() {
    return roles;
  }

  int events() {
    return events;
  }

  private static Object orMissing(@Nullable Object value) {
    return value == null ? "missing" : value;
  }
}
