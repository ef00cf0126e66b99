package dev.spillway.wire.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinuedRequestTest {
  private static final String FLAGS =
      "\"continue_final_message\":true,\"add_generation_prompt\":false,";

  private Resumption resumption = Resumption.CONTINUES_FINAL_MESSAGE;
  private Operation operation = Operation.CHAT_COMPLETIONS;
  private String shownText = "On\\\"e";

  @Test
  void addsAMessageAndTheFlags() {
    assertThat(sent("{\"model\":\"m\",\"messages\":[ {\"role\":\"user\"} ],\"x\":[ 1 ]}"))
        .isEqualTo(
            "{"
                + FLAGS
                + "\"model\":\"m\",\"messages\":[ {\"role\":\"user\"} ,{\"role\":\"assistant\","
                + "\"content\":\"On\\\"e\"}],\"x\":[ 1 ]}");
  }

  @Test
  void addsToTheClientsBeginningOnlyIfThatIsToBeContinued() {
    String assistant = "{\"role\":\"assistant\",\"content\":\"So \"}";
    String open = "\"continue_final_message\":true,\"add_generation_prompt\":false";

    assertThat(sent("{\"model\":\"m\",\"messages\":[" + assistant + "]}"))
        .contains(assistant + ",{\"role\":\"assistant\",\"content\":\"On\\\"e\"}]");
    assertThat(sent("{\"model\":\"m\"," + open + ",\"messages\":[" + assistant + "]}"))
        .contains("[{\"role\":\"assistant\",\"content\":\"So On\\\"e\"}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"max_tokens\":10|\"max_tokens\":9",
        "\"max_completion_tokens\":10|\"max_completion_tokens\":9",
        "\"max_tokens\":null|\"max_tokens\":null",
        "\"max_completion_tokens\":5,\"max_tokens\":10|\"max_completion_tokens\":4,\"max_tokens\":9",
        "\"n_predict\":-1|\"n_predict\":-1",
        "\"min_tokens\":1|\"min_tokens\":0",
        "\"min_tokens\":0|\"min_tokens\":0",
        "\"stop\":[\"a\"]|\"stop\":[\"a\"]",
        "\"add_generation_prompt\":true|\"add_generation_prompt\":false",
      })
  void asksForWhatIsLeft(String asked, String left) {
    String rest = ",\"model\":\"m\",\"messages\":[{}]}";

    assertThat(sent("{" + asked + rest)).contains(left + ",\"model\"");
  }

  @Test
  void hasNothingToAskForIfAllTokensAreUsed() {
    assertThat(obstacle("{\"max_tokens\":1,\"model\":\"m\",\"messages\":[{}]}"))
        .isEqualTo(Obstacle.NOTHING_LEFT);
  }

  @Test
  void asksAnewIfAllThatWasShownIsHalfACharacter() {
    shownText = "\\ud83d";
    String body = "{\"model\":\"m\",\"messages\":[{}]}";

    assertThat(sent(body)).isEqualTo(body);
  }

  @Test
  void asksAnewWhereATemplateWouldNotFindWhiteSpace() {
    shownText = " \\n";
    String body = "{\"model\":\"m\",\"messages\":[{}]}";

    assertThat(sent(body)).isEqualTo(body);
    resumption = Resumption.PREFILLS_LAST_MESSAGE;
    assertThat(sent(body)).contains("\"content\":\" \\n\"");
  }

  @Test
  void leavesHalfACharacterOut() {
    shownText = "a\\ud83d";

    assertThat(sent("{\"model\":\"m\",\"messages\":[{}]}")).contains("\"content\":\"a\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"prompt\":\"a\"|",
        "\"prompt\":\"a\",\"echo\":false|",
        "\"prompt\":\"a\",\"echo\":true|ECHOED_PROMPT",
        "\"prompt\":[\"a\"]|PROMPT",
        "\"prompt\":[1,2]|PROMPT",
        "\"prompt\":[\"a\",\"b\"]|SEVERAL_ANSWERS",
        "\"prompt\":\"a\",\"logprobs\":0|LOGPROBS",
      })
  void continuesCompletionsOfOneTextEverywhere(String fields, @Nullable Obstacle expected) {
    operation = Operation.COMPLETIONS;
    resumption = Resumption.NONE;
    String body = "{" + fields + ",\"model\":\"m\"}";

    assertThat(obstacle(body)).isEqualTo(expected);
    if (expected == null) {
      assertThat(sent(body)).isEqualTo(body.replace("\"a\"", "\"aOn\\\"e\""));
    }
  }

  private String sent(String body) {
    BodyEdit edit = new BodyEdit(scanned(body), ByteSlice.of(body));
    assertThat(told(body, edit)).as(body).isNull();
    String sent = ByteSlice.of(edit.build().apply(ByteSlice.of(body))).toString();
    scanned(sent);
    return sent;
  }

  private @Nullable Obstacle obstacle(String body) {
    return told(body, new BodyEdit(scanned(body), ByteSlice.of(body)));
  }

  private @Nullable Obstacle told(String body, BodyEdit edit) {
    Shown shown = new Shown(scanned(body), "id", ContinuationMemoryTest.roomy());
    Chunks chunks = new Chunks("first", operation == Operation.CHAT_COMPLETIONS);
    chunks.read(chunks.text(shownText), shown::add);
    return new ContinuedRequest(scanned(body), shown, resumption).applyTo(edit);
  }

  private ScannedRequest scanned(String body) {
    return ((RequestScan.Accepted) RequestScan.of(operation, null, ByteSlice.of(body))).request();
  }
}
