package dev.spillway.providers.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.wire.json.MalformedJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of models as engines write them, and as they should not. */
class ListedModelsTest {
  private static final String VLLM_WITH_AN_ADAPTER =
      """
      {"object":"list","data":[
       {"id":"gpt-4o","object":"model","created":1764000000,"owned_by":"vllm",
        "root":"openai/gpt-oss-120b","parent":null,"max_model_len":131072,
        "permission":[{"id":"modelperm-1","object":"model_permission","allow_view":true}]},
       {"id":"gpt-4o-legal","object":"model","created":1764000000,"owned_by":"vllm",
        "root":"/adapters/legal","parent":"gpt-4o","max_model_len":null,"permission":[]}]}
      """;

  private static final String SGLANG =
      """
      {"object":"list","data":[{"id":"qwen","object":"model","created":1764000000,
       "owned_by":"sglang","root":"qwen","parent":null,"max_model_len":40960}]}
      """;

  private static final String LLAMA_CPP =
      """
      {"models":[{"name":"llama.gguf","model":"llama.gguf","type":"model","details":{}}],
       "object":"list",
       "data":[{"id":"chat","aliases":["chat","small"],"tags":["gguf"],"object":"model",
        "created":1764000000,"owned_by":"llamacpp",
        "meta":{"vocab_type":2,"n_vocab":128256,"n_ctx_train":131072,"n_embd":4096}}]}
      """;

  @Test
  void readsModelsAdaptersAndTheContextOfVllm() throws MalformedJson {
    assertThat(read(VLLM_WITH_AN_ADAPTER))
        .isEqualTo(new EngineModels(List.of("gpt-4o", "gpt-4o-legal"), 131_072));
  }

  @Test
  void readsTheContextOfSglang() throws MalformedJson {
    assertThat(read(SGLANG)).isEqualTo(new EngineModels(List.of("qwen"), 40_960));
  }

  @Test
  void readsAliasesOfLlamaCppAndNotWhatItsModelWasTrainedWith() throws MalformedJson {
    assertThat(read(LLAMA_CPP)).isEqualTo(new EngineModels(List.of("chat", "small"), 0));
  }

  @Test
  void goesByTheLongestContextOfSeveralModels() throws MalformedJson {
    String two =
        """
        {"data":[{"id":"a","max_model_len":8192},{"id":"b","max_model_len":32768},
         {"id":"c","max_model_len":4096}]}
        """;

    assertThat(read(two)).isEqualTo(new EngineModels(List.of("a", "b", "c"), 32_768));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "0",
        "8192.5",
        "8.192e3",
        "1e30",
        "2147483648",
        "99999999999999999999999999",
        "\"8192\"",
        "true",
        "null",
        "[8192]",
        "{\"tokens\":8192}"
      })
  void takesNothingElseThanAWholeNumberForAContext(String context) throws MalformedJson {
    assertThat(read("{\"data\":[{\"max_model_len\":" + context + ",\"id\":\"m\"}]}"))
        .isEqualTo(new EngineModels(List.of("m"), 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"data\":null}",
        "{\"data\":{\"id\":\"m\"}}",
        "{\"data\":[]}",
        "{\"data\":[\"m\",7,null,[\"m\"]]}",
        "{\"data\":[{\"id\":7},{\"id\":null},{\"name\":\"m\"},{\"aliases\":\"m\"}]}",
        "{\"data\":[{\"id\":\"a\\nb\"},{\"id\":\"\"},{\"id\":\"\\u0007\"}]}",
        "{\"error\":{\"message\":\"unauthorized\"}}"
      })
  void findsNothingWhereNothingIsSaid(String page) throws MalformedJson {
    assertThat(read(page)).isEqualTo(EngineModels.UNKNOWN);
  }

  @Test
  void leavesOutNamesThatNobodyCouldShow() throws MalformedJson {
    String longest = "x".repeat(256);
    String page =
        "{\"data\":[{\"id\":\"%s\"},{\"id\":\"%sx\"},{\"id\":\"m\"},{\"id\":\"m\"}]}"
            .formatted(longest, longest);

    assertThat(read(page).names()).containsExactly(longest, "m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html><body>502 Bad Gateway</body></html>",
        "[]",
        "\"models\"",
        "{\"data\":[{\"id\":\"m\",\"max_model_len\":8192}",
        "{\"data\":[{\"id\":\"m\"}]} and more",
        "{\"data\":[{\"id\":\"m\",\"max_model_len\":NaN}]}"
      })
  void refusesWhatIsNoList(String page) {
    assertThatExceptionOfType(MalformedJson.class).isThrownBy(() -> read(page));
  }

  private static EngineModels read(String page) throws MalformedJson {
    return ListedModels.read(page.getBytes(UTF_8));
  }
}
