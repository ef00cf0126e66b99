package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that an answer of chat or completions says, whichever way it came: two that say the same are
 * equal. What is said twice is there twice.
 *
 * @param choices by their index
 */
record AnswerRead(SortedMap<Long, Choice> choices) {
  /**
   * One choice; empty where nothing was said.
   *
   * @param logprobs the tokens that came with a probability
   */
  record Choice(
      String role,
      String text,
      String reasoning,
      List<ToolCall> calls,
      String logprobs,
      String finishReason) {
    private static final Choice NOTHING = new Choice("", "", "", List.of(), "", "");

    /** With one more part, whose message or delta that is. */
    private Choice and(JsonTree part, JsonTree said) {
      return new Choice(
          role + said.at("role").text(),
          text + said.at("content").text() + part.at("text").text(),
          reasoning + said.at("reasoning_content").text(),
          calls(said.at("tool_calls").elements()),
          logprobs
              + part.at("logprobs", "content").elements().stream()
                  .map(each -> each.at("token").text())
                  .collect(Collectors.joining()),
          finishReason + part.at("finish_reason").text());
    }

    private List<ToolCall> calls(List<JsonTree> parts) {
      List<ToolCall> all = new ArrayList<>(calls);
      for (int i = 0; i < parts.size(); i++) {
        int index = (int) parts.get(i).at("index").numberOr(i);
        while (all.size() <= index) {
          all.add(ToolCall.NOTHING);
        }
        all.set(index, all.get(index).and(parts.get(i)));
      }
      return List.copyOf(all);
    }
  }

  /** A call of a tool. */
  record ToolCall(String id, String name, String arguments) {
    private static final ToolCall NOTHING = new ToolCall("", "", "");

    private ToolCall and(JsonTree part) {
      return new ToolCall(
          id + part.at("id").text(),
          name + part.at("function", "name").text(),
          arguments + part.at("function", "arguments").text());
    }
  }

  /** What the engine says to a request if nothing disturbs it. */
  static AnswerRead undisturbed(String asked) {
    return ofFirst(Integer.MAX_VALUE, asked);
  }

  /** What the first so many events of that say. */
  static AnswerRead ofFirst(int events, String asked) {
    return of(
        StreamRead.of(
            ChatAnswer.to(asked).events().stream()
                .limit(events)
                .map(ChatAnswer.Event::text)
                .collect(Collectors.joining())));
  }

  /** The text of the first choice; empty if there is none. */
  String text() {
    return choices.getOrDefault(0L, Choice.NOTHING).text();
  }

  /** Of a stream; throws if a choice goes on behind its end, or begins before its role. */
  static AnswerRead of(StreamRead stream) {
    SortedMap<Long, Choice> choices = new TreeMap<>();
    for (JsonTree chunk : stream.chunks()) {
      for (JsonTree each : chunk.at("choices").elements()) {
        Choice before = choices.getOrDefault(index(each), Choice.NOTHING);
        assertThat(before.finishReason()).as("the end of a choice before " + each).isEmpty();
        if (each.at("delta", "role").isThere()) {
          assertThat(before).as("what was said before a role").isEqualTo(Choice.NOTHING);
        }
        choices.put(index(each), before.and(each, each.at("delta")));
      }
    }
    return new AnswerRead(choices);
  }

  /** Of one that came all at once. */
  static AnswerRead of(JsonTree answer) {
    SortedMap<Long, Choice> choices = new TreeMap<>();
    for (JsonTree each : answer.at("choices").elements()) {
      choices.merge(
          index(each),
          Choice.NOTHING.and(each, each.at("message")),
          (_, again) -> {
            throw new AssertionError("two choices of one index: " + again);
          });
    }
    return new AnswerRead(choices);
  }

  private static long index(JsonTree choice) {
    return choice.at("index").numberOr(-1);
  }
}
