package dev.spillway.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.AnswerScan.ErrorInside;
import dev.spillway.wire.chat.AnswerScan.NotAnAnswer;
import dev.spillway.wire.chat.AnswerScan.Whole;
import dev.spillway.wire.error.ErrorObject;
import dev.spillway.wire.json.ByteSlice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerScanTest {
  private static final String CHAT =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"}}],\"error\":null,"
          + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";

  @Test
  void takesAWholeChatAnswerWithItsUsage() {
    assertThat(scan(Operation.CHAT_COMPLETIONS, CHAT))
        .isEqualTo(new Whole(new Usage(3, 0, 1, Usage.Source.PROVIDER), 5));
  }

  @Test
  void takesEmbeddings() {
    String body =
        "{\"object\":\"list\",\"data\":[{\"embedding\":[0.1,-2e-3]},{\"embedding\":\"AAAA\"}],"
            + "\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}";

    assertThat(scan(Operation.EMBEDDINGS, body))
        .isEqualTo(new Whole(new Usage(8, 0, 0, Usage.Source.PROVIDER), 0));
  }

  @Test
  void takesCompletionsAndModerations() {
    String completion =
        "{\"choices\":[{\"text\":\"Hi\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\"}],"
            + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}";
    String moderation = "{\"id\":\"modr-1\",\"results\":[{\"flagged\":false}]}";

    assertThat(scan(Operation.COMPLETIONS, completion))
        .isEqualTo(new Whole(new Usage(5, 0, 7, Usage.Source.PROVIDER), 2));
    assertThat(scan(Operation.MODERATIONS, moderation)).isEqualTo(new Whole(null, 0));
    assertThat(scan(Operation.COMPLETIONS, completion.replace("\"length\"", "null")))
        .isInstanceOf(NotAnAnswer.class);
    assertThat(scan(Operation.MODERATIONS, "{\"id\":\"modr-1\",\"results\":[]}"))
        .isInstanceOf(NotAnAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"\":[{}]}", "{\"\":1,\"data\":[{}]}"})
  void takesNoJsonForSound(String body) {
    assertThat(scan(Operation.SPEECH, body)).isEqualTo(new NotAnAnswer("JSON in place of sound"));
  }

  @Test
  void findsAnErrorInsideA200() {
    String body = "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":503}}";

    assertThat(scan(Operation.CHAT_COMPLETIONS, body))
        .isEqualTo(new ErrorInside(new ErrorObject("m", "t", null, "503")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html><body>502 Bad Gateway</body></html>",
        "null",
        "{}",
        "{\"choices\":[]}",
        "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":null}]}",
        "{\"choices\":[{\"finish_reason\":\"stop\"}]}",
        "{\"data\":[{}]}",
      })
  void refusesWhatIsNoAnswer(String body) {
    assertThat(scan(Operation.CHAT_COMPLETIONS, body)).isInstanceOf(NotAnAnswer.class);
  }

  /** Cut anywhere, an answer is not whole. */
  @Test
  void refusesEveryBeginningOfAnAnswer() {
    for (int length = 0; length < CHAT.length(); length++) {
      assertThat(scan(Operation.CHAT_COMPLETIONS, CHAT.substring(0, length)))
          .as("the first %d bytes", length)
          .isInstanceOf(NotAnAnswer.class);
    }
  }

  private static AnswerScan scan(Operation operation, String body) {
    return AnswerScan.of(operation, ByteSlice.of(body));
  }
}
