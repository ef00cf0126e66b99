package dev.spillway.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.MalformedJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is judged is what is served: a body that a provider could read otherwise is refused. */
class DifferingReadersTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  @Test
  void refusesAFieldThatIsThereTwiceHoweverItIsWritten() {
    String twice = "{\"model\":\"a\",\"mod\\u0065l\":\"b\"," + MESSAGES + "}";

    assertThat(refused(twice).error().message())
        .isEqualTo("'model' is there twice (expected: once).");
  }

  /**
   * What a provider in Go or C would take for the field, and judge or serve otherwise than here.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"Model", "MODEL", "m\\u006FDEL", "model\\u0000", "model\\u0000x", "Model\\u0000"})
  void refusesANameThatOthersTakeForAField(String name) {
    Refusal refusal = refused("{\"model\":\"a\",\"" + name + "\":\"b\"," + MESSAGES + "}");

    assertThat(refusal.error().param()).isEqualTo("model");
    assertThat(refusal.error().message())
        .isEqualTo("'model' is there under a name that only some readers take for it.");
  }

  /** The long s and the sign of Kelvin fold to letters. */
  @ParameterizedTest
  @ValueSource(strings = {"\u017ftream", "\\u017ftream", "max_to\u212aens", "Stream"})
  void refusesANameThatFoldsToAField(String name) {
    assertThat(refused("{\"model\":\"a\",\"" + name + "\":1," + MESSAGES + "}").status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"topK", "top_p", "models", "x-model", "Modell", "\u6a21\u578b"})
  void takesOtherNamesAsTheyAre(String name) {
    accepted("{\"model\":\"a\",\"" + name + "\":1," + MESSAGES + "}");
  }

  /** A limit that the provider does not know would make a long answer look cheap, or cut it. */
  @Test
  void takesNoLimitOfAnotherApi() {
    String small = "\"max_output_tokens\":1,";
    assertThat(
            accepted("{\"model\":\"a\",\"max_tokens\":900," + small + MESSAGES + "}")
                .maxOutputTokens())
        .isEqualTo(900);
    assertThat(accepted("{\"model\":\"a\"," + small + MESSAGES + "}").maxOutputTokens()).isZero();
    String responses =
        "{\"model\":\"a\",\"max_tokens\":1,\"max_output_tokens\":900,\"input\":\"Hi\"}";
    assertThat(accepted(Operation.RESPONSES, responses).maxOutputTokens()).isEqualTo(900);
  }

  /** Readers differ in which of two they take; one of them is another tenant's item. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"item_reference\",\"id\":\"msg_1\"}",
        "{\"id\":\"msg_1\"}",
        "{\"type\":\"item_reference\",\"id\":\"msg_1\",\"role\":\"user\"}",
        "{\"role\":\"user\",\"type\":\"item_reference\",\"id\":\"msg_1\"}",
        "{\"type\":\"message\",\"type\":\"item_reference\",\"id\":\"msg_1\"}",
        "{\"type\":\"item_reference\",\"type\":\"message\",\"id\":\"msg_1\"}",
        "{\"ty\\u0070e\":\"item_r\\u0065ference\",\"id\":\"msg_1\",\"role\":\"user\"}"
      })
  void refusesAReferenceToAnItemHoweverItIsDisguised(String item) {
    RequestScan scan = scan(Operation.RESPONSES, "{\"model\":\"a\",\"input\":[" + item + "]}");

    assertThat(scan).isInstanceOf(RequestScan.Refused.class);
  }

  /** Python reads infinity, and cannot write it; others refuse it. */
  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1E+400", "123e308", "[{\"default\":1e999}]"})
  void refusesANumberThatNoDoubleHolds(String number) {
    Refusal refusal = refused("{\"model\":\"m\"," + MESSAGES + ",\"x\":" + number + "}");

    assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_JSON);
    assertThat(refusal.error().message()).contains("out of range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e308", "1e-400", "-0.0", "9223372036854775808", "0.1e1"})
  void takesANumberThatADoubleHolds(String number) {
    accepted("{\"model\":\"m\"," + MESSAGES + ",\"x\":" + number + "}");
  }

  /** Engines in Python end in an error of their own when they encode it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud83d",
        "\\ude00",
        "\\ude00\\ud83d",
        "\\ud83d \\ude00",
        "\\ud83d\\ud83d\\ude00",
        "\\ud83d\\n\\ude00"
      })
  void refusesHalfOfASurrogatePair(String text) {
    Refusal refusal = refused("{\"model\":\"m\"," + MESSAGES + ",\"x\":\"" + text + "\"}");

    assertThat(refusal.error().message()).contains("half of a surrogate pair");
    assertThat(refused("{\"model\":\"m\",\"" + text + "\":1," + MESSAGES + "}").status())
        .isEqualTo(400);
  }

  @Test
  void takesWholeSurrogatePairs() {
    accepted("{\"model\":\"m\"," + MESSAGES + ",\"x\":\"\\ud83d\\ude00\\uD83D\\uDE00\"}");
  }

  /**
   * Else a provider that repeats the request in an event would be blamed for what we do not read.
   */
  @Test
  void takesNothingThatIsTooDeepForTheAnswerThatRepeatsIt() throws MalformedJson {
    String deepest = "[".repeat(59) + "]".repeat(59);

    accepted("{\"model\":\"m\"," + MESSAGES + ",\"x\":" + deepest + "}");
    assertThat(refused("{\"model\":\"m\"," + MESSAGES + ",\"x\":[" + deepest + "]}").kind())
        .isEqualTo(ErrorKind.INVALID_JSON);
    new JsonCursor().reset(ByteSlice.of("[[[[{\"x\":" + deepest + "}]]]]")).skip();
  }

  private static ScannedRequest accepted(String body) {
    return accepted(Operation.CHAT_COMPLETIONS, body);
  }

  private static ScannedRequest accepted(Operation operation, String body) {
    RequestScan scan = scan(operation, body);
    assertThat(scan).isInstanceOf(RequestScan.Accepted.class);
    return ((RequestScan.Accepted) scan).request();
  }

  private static Refusal refused(String body) {
    RequestScan scan = scan(Operation.CHAT_COMPLETIONS, body);
    assertThat(scan).isInstanceOf(RequestScan.Refused.class);
    return ((RequestScan.Refused) scan).refusal();
  }

  private static RequestScan scan(Operation operation, String body) {
    return RequestScan.of(operation, null, ByteSlice.of(body));
  }
}
