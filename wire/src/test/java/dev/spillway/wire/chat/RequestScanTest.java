package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonJudge;
import dev.spillway.wire.json.RandomJson;
import java.util.EnumSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestScanTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private static final String FULL =
      """
      {"model": "gpt-4o", "stream": true, "stream_options": {"include_usage": true},
       "max_tokens": 50, "max_completion_tokens": 20, "n": 2, "logprobs": true, "stop": ["x"],
       "tools": [{"type": "function", "function": {"name": "f"}}],
       "response_format": {"type": "json_object"}, "reasoning_effort": "low",
       "return_token_ids": true, "service_tier": "flex", "prompt_cache_key": "k", "user": "u", "temperature": 0.5,
       "messages": [{"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "What is this?"},
                     {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]}
      """;

  @Test
  void findsAllThatRoutingNeeds() {
    ScannedRequest request = accepted(FULL);

    assertThat(request.model()).isEqualTo("gpt-4o");
    assertThat(request.features())
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(
                EnumSet.of(
                    Feature.TEXT_OUTPUT, Feature.BACKGROUND, Feature.NO_OUTPUT, Feature.ECHO)));
    assertThat(request.maxOutputTokens()).isEqualTo(20);
    assertThat(request.choices()).isEqualTo(2);
    assertThat(request.reasoningEffort()).isEqualTo("low");
    assertThat(request.promptCacheKey()).isEqualTo("k");
    assertThat(request.user()).isEqualTo("u");
  }

  @Test
  void takesNullForAFieldThatIsNotThere() {
    ScannedRequest request =
        accepted(
            "{\"model\":\"m\",\"stream\":null,\"n\":null,\"max_tokens\":null,\"stop\":null,"
                + "\"stream_options\":null,\"tools\":null,\"user\":null,"
                + MESSAGES
                + "}");

    assertThat(request.features()).isEmpty();
    assertThat(request.maxOutputTokens()).isZero();
    assertThat(request.choices()).isOne();
    assertThat(request.user()).isNull();
  }

  @Test
  void tellsACompletionOfNoTokensFromOneWithoutALimit() {
    String head = "{\"model\":\"m\",\"prompt\":\"P\",\"echo\":true";

    ScannedRequest none = accepted(Operation.COMPLETIONS, head + ",\"max_tokens\":0}");
    ScannedRequest unsaid = accepted(Operation.COMPLETIONS, head + "}");

    assertThat(none.features()).containsExactlyInAnyOrder(Feature.ECHO, Feature.NO_OUTPUT);
    assertThat(none.limitsOutput()).isTrue();
    assertThat(unsaid.features()).containsExactly(Feature.ECHO);
    assertThat(unsaid.limitsOutput()).isFalse();
    for (String limit : new String[] {"0.5", "-1", "\"0\""}) {
      assertThat(scan(Operation.COMPLETIONS, head + ",\"max_tokens\":" + limit + "}"))
          .as(limit)
          .isInstanceOf(RequestScan.Refused.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"modalities\":[\"text\",\"audio\"]|true",
        "\"modalities\":[\"text\"]|false",
        "\"audio\":{\"format\":\"wav\"}|true",
        "\"audio\":null|false",
        "\"prompt_logprobs\":0|true",
        "\"use_beam_search\":true|true",
        "\"use_beam_search\":false|false",
        "\"best_of\":2|true",
        "\"best_of\":1|false",
        "\"return_token_ids\":true|true",
        "\"return_token_ids\":false|false",
        "\"returned\":true|false",
      })
  void knowsWhatNoProviderStreamsAlike(String field, boolean unstreamed) {
    ScannedRequest request = accepted("{\"model\":\"m\"," + field + "," + MESSAGES + "}");

    assertThat(request.has(Feature.UNSTREAMED)).isEqualTo(unstreamed);
  }

  @Test
  void estimatesTokensFromTheTextAndNotFromItsWrapping() {
    long english = tokensOf("a".repeat(4_000));
    long escaped = tokensOf("\\n".repeat(4_000));
    long chinese = tokensOf("中".repeat(1_000));
    long chineseEscaped = tokensOf("\\u4e2d".repeat(1_000));

    assertThat(english).isEqualTo(1_004);
    assertThat(escaped).isEqualTo(1_004);
    assertThat(chinese).isEqualTo(754);
    assertThat(chineseEscaped).isEqualTo(754);
  }

  @Test
  void countsAnImageOnceWhateverItsBytes() {
    long small = tokensOfImage("A");
    long large = tokensOfImage("A".repeat(100_000));

    assertThat(large).isEqualTo(small).isGreaterThan(500);
  }

  @Test
  void givesEveryTurnOfAConversationTheSameKey() {
    String opening =
        "{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"First\"}";
    String reply =
        ",{\"role\":\"assistant\",\"content\":\"A\"},{\"role\":\"user\",\"content\":\"2\"}";

    long first = conversationOf(opening);
    long second = conversationOf(opening + reply);
    long other = conversationOf(opening.replace("First", "Fir5t"));

    assertThat(second).isEqualTo(first).isNotZero();
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void letsThePathNameTheModel() {
    ByteSlice body = ByteSlice.of("{" + MESSAGES + "}");

    RequestScan scan = RequestScan.of(Operation.CHAT_COMPLETIONS, "of-path", body);

    assertThat(((RequestScan.Accepted) scan).request().model()).isEqualTo("of-path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"text\"",
        "[\"a\",\"b\"]",
        "[1,2,3]",
        "[[1,2],[3]]",
      })
  void takesEveryFormOfEmbeddingsInput(String input) {
    RequestScan scan = scan(Operation.EMBEDDINGS, "{\"model\":\"e\",\"input\":" + input + "}");

    assertThat(scan).isInstanceOf(RequestScan.Accepted.class);
    assertThat(((RequestScan.Accepted) scan).request().inputTokens()).isBetween(1L, 3L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{}x",
        "{\"model\":\"m\",}",
        "{\"model\" \"m\"}",
        "{\"model\":\"m\"}{}",
        "{'model':'m'}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "\uFEFF{\"model\":\"m\"}",
        "// c\n{}",
      })
  void refusesWhatIsNotOneJsonObject(String body) {
    assertThat(refused(body).kind()).isEqualTo(ErrorKind.INVALID_JSON);
  }

  /** More indexes than that are not told apart in a stream, which would never be whole. */
  @Test
  void refusesMoreAnswersAtOnceThanCanBeToldApart() {
    String prompts = "\"x\"" + ",\"x\"".repeat(127);
    String body = "{\"model\":\"m\",\"n\":128,\"prompt\":[" + prompts;

    assertThat(scan(Operation.COMPLETIONS, body + "]}")).isInstanceOf(RequestScan.Accepted.class);
    assertThat(scan(Operation.COMPLETIONS, body + ",\"x\"]}"))
        .isInstanceOfSatisfying(
            RequestScan.Refused.class,
            refused -> assertThat(refused.refusal().error().message()).contains("16512", "16384"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":1}",
        "{\"messages\":[]}",
        "{\"messages\":[\"x\"]}",
        "{\"n\":0}",
        "{\"n\":129}",
        "{\"n\":1.5}",
        "{\"n\":\"2\"}",
        "{\"max_tokens\":-1}",
        "{\"max_tokens\":0}",
        "{\"max_completion_tokens\":0}",
        "{\"max_tokens\":1e99}",
        "{\"max_tokens\":99999999999999999999}",
        "{\"stream\":\"true\"}",
        "{\"stream\":1}",
        "{\"stream_options\":[]}",
        "{\"stream_options\":{\"include_usage\":\"yes\"}}",
        "{\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}",
        "{\"tools\":{}}",
        "{\"response_format\":\"json\"}",
        "{\"logprobs\":3}",
        "{\"user\":7}",
        "{\"service_tier\":7}",
        "{\"stop\":7}",
        "{\"reasoning_effort\":{}}",
      })
  void refusesAFieldOfTheWrongTypeByName(String field) {
    String name = field.substring(2, field.indexOf('"', 2));
    String rest = name.equals("messages") ? "" : "," + MESSAGES;

    Refusal refusal =
        refused("{\"model\":\"m\"," + field.substring(1, field.length() - 1) + rest + "}");

    assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_VALUE);
    assertThat(refusal.error().param()).startsWith(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"model\":\"\",", "\"model\":null,", "\"model\":7,", "\"Model\":\"m\","})
  void refusesARequestWithoutAModel(String model) {
    Refusal refusal = refused("{" + model + MESSAGES + "}");

    assertThat(refusal.error().param()).isEqualTo("model");
    assertThat(refusal.status()).isEqualTo(400);
  }

  @Test
  void neverEchoesWhatMayBeContent() {
    String secret = "My diary, Tuesday";

    Refusal refusal = refused("{\"" + secret + "\":1,\"" + secret + "\":2}");

    assertThat(refusal.error().toString()).doesNotContain("diary");
  }

  @Test
  void boundsDepthFieldsAndNumbers() {
    String head = "{\"model\":\"m\"," + MESSAGES + ",\"x\":";
    StringBuilder many = new StringBuilder("{\"model\":\"m\"");
    for (int i = 0; i < 200; i++) {
      many.append(",\"f").append(i).append("\":0");
    }

    assertThat(refused(head + "[".repeat(100_000)).status()).isEqualTo(400);
    assertThat(refused(head + "9".repeat(100_000) + "}").status()).isEqualTo(400);
    assertThat(refused(many + "}").status()).isEqualTo(400);
  }

  @Test
  void refusesInvalidUtf8() {
    byte[] body = ("{\"model\":\"m\"," + MESSAGES + ",\"x\":\"?\"}").getBytes(UTF_8);
    body[body.length - 3] = (byte) 0xE9;

    Refusal refusal = refused(new ByteSlice(body, 0, body.length));

    assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_JSON);
    assertThat(refusal.error().message()).contains("invalid UTF-8 at byte");
  }

  /**
   * Whatever is done to a valid body, it is accepted or refused; and never accepted if not JSON.
   */
  @RepeatedTest(100)
  void neverThrowsWhateverTheBytes(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RandomJson json = new RandomJson(random);
    byte[] whole = FULL.getBytes(UTF_8);
    for (int i = 0; i < 300; i++) {
      byte[] broken = json.broken(whole);

      RequestScan scan = RequestScan.of(Operation.CHAT_COMPLETIONS, null, ByteSlice.of(broken));

      String what = "seed %d, body %d: %s".formatted(seed, i, new String(broken, UTF_8));
      switch (scan) {
        case RequestScan.Accepted _ -> assertThat(JsonJudge.accepts(broken)).as(what).isTrue();
        case RequestScan.Refused(Refusal refusal) ->
            assertThat(refusal.status()).as(what).isEqualTo(400);
      }
    }
  }

  private static long tokensOf(String content) {
    String message = "{\"role\":\"user\",\"content\":\"" + content + "\"}";
    return accepted("{\"model\":\"m\",\"messages\":[" + message + "]}").inputTokens();
  }

  private static long tokensOfImage(String base64) {
    String url = "{\"url\":\"data:image/png;base64," + base64 + "\"}";
    String part = "{\"type\":\"image_url\",\"image_url\":" + url + "}";
    String message = "{\"role\":\"user\",\"content\":[" + part + "]}";
    return accepted("{\"model\":\"m\",\"messages\":[" + message + "]}").inputTokens();
  }

  private static long conversationOf(String messages) {
    return accepted("{\"model\":\"m\",\"messages\":[" + messages + "]}").conversation();
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
    return refused(ByteSlice.of(body));
  }

  private static Refusal refused(ByteSlice body) {
    RequestScan scan = RequestScan.of(Operation.CHAT_COMPLETIONS, null, body);
    assertThat(scan).isInstanceOf(RequestScan.Refused.class);
    return ((RequestScan.Refused) scan).refusal();
  }

  private static RequestScan scan(Operation operation, String body) {
    return RequestScan.of(operation, null, ByteSlice.of(body));
  }
}
