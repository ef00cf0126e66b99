package dev.spillway.wire.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.json.ByteSlice;
import org.junit.jupiter.api.Test;

class AnswerUnfoldTest {
  @Test
  void makesOneChunkOfAllAndOneOfItsUsage() {
    String answer =
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
            + "{\"role\":\"assistant\",\"content\":\"a\\u00e9\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"total_tokens\":3},\"created\":7}";

    assertThat(events(Operation.CHAT_COMPLETIONS, answer))
        .isEqualTo(
            "data: {\"object\":\"chat.completion.chunk\",\"id\":\"c\",\"created\":7,\"choices\":[{"
                + "\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"a\\u00e9\"},"
                + "\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"object\":\"chat.completion.chunk\",\"id\":\"c\",\"created\":7,"
                + "\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n");
  }

  @Test
  void numbersChoicesAndCalls() {
    String calls =
        "[{\"id\":\"x\",\"function\":{\"name\":\"f\"}},{\"index\":9,\"function\":{\"name\":\"g\"}}]";
    String answer =
        "{\"choices\":[{\"message\":{\"tool_calls\":"
            + calls
            + "},\"finish_reason\":\"tool_calls\"},{\"index\":1,\"message\":{\"content\":null},"
            + "\"finish_reason\":\"stop\"}],\"usage\":null}";

    assertThat(events(Operation.CHAT_COMPLETIONS, answer))
        .isEqualTo(
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{"
                + "\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{\"name\":\"f\"}},"
                + "{\"index\":1,\"function\":{\"name\":\"g\"}}]},\"finish_reason\":\"tool_calls\"},"
                + "{\"index\":1,\"delta\":{\"content\":null},\"finish_reason\":\"stop\"}]}\n\n");
  }

  @Test
  void leavesNoLineEndInsideAnEvent() {
    String answer =
        "{\n\t\"choices\": [\r\n{\"text\": \"a\\nb\",\r\"logprobs\": {\n},\n\"finish_reason\":\"stop\"}\n]}\n";

    assertThat(events(Operation.COMPLETIONS, answer))
        .isEqualTo(
            "data: {\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"a\\nb\","
                + "\"logprobs\":{ },\"finish_reason\":\"stop\"}]}\n\n");
  }

  private static String events(Operation operation, String answer) {
    return AnswerUnfold.events(operation, ByteSlice.of(answer)).toString();
  }
}
