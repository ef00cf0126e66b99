package dev.spillway.providers.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.providers.llamacpp.LlamaCppModels;
import dev.spillway.providers.tgi.TgiModels;
import dev.spillway.wire.json.MalformedJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of engines' own as they write them, and as they should not. */
class OwnPageTest {
  private static final String TGI =
      """
      {"model_id":"meta-llama/Llama-3.1-8B-Instruct","model_sha":"0e9e39f","model_pipeline_tag":null,
       "max_concurrent_requests":128,"max_best_of":2,"max_stop_sequences":4,
       "max_input_tokens":4095,"max_total_tokens":4096,"validation_workers":2,
       "max_client_batch_size":4,"router":"text-generation-router","version":"3.3.6","sha":null}
      """;

  @Test
  void readsTheContextOfASlotOfLlamaCpp() throws MalformedJson {
    String props =
        """
        {"default_generation_settings":{"id":0,"id_task":-1,"n_ctx":16384,"speculative":false,
          "params":{"n_predict":-1,"n_ctx":1,"temperature":0.8}},
         "total_slots":4,"model_alias":"chat","model_path":"/models/llama.gguf",
         "modalities":{"vision":false,"audio":false},"chat_template":"{% for m in messages %}",
         "n_ctx":65536,"n_ctx_train":131072}
        """;

    assertThat(llamaCpp(props)).isEqualTo(16_384);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"n_ctx\":4096}|4096",
        "{\"n_ctx\":4096,\"default_generation_settings\":null}|4096",
        "{\"n_ctx\":4096,\"default_generation_settings\":{\"n_ctx\":0}}|4096",
        "{\"n_ctx\":\"4096\",\"default_generation_settings\":{\"n_ctx\":2048}}|2048",
        "{\"role\":\"router\",\"default_generation_settings\":{\"params\":{},\"n_ctx\":0}}|0",
        "{\"n_ctx_train\":131072}|0",
        "{\"default_generation_settings\":{\"n_ctx_train\":131072}}|0",
        "{\"default_generation_settings\":[{\"n_ctx\":4096}]}|0",
        "{\"params\":{\"n_ctx\":4096}}|0",
        "{}|0"
      })
  void readsItWhereverAVersionOfLlamaCppHasIt(String props, int expected) throws MalformedJson {
    assertThat(llamaCpp(props)).isEqualTo(expected);
  }

  @Test
  void readsModelAndContextOfTgi() throws MalformedJson {
    assertThat(TgiModels.PAGE.read(TGI.getBytes(UTF_8)))
        .isEqualTo(new EngineModels(List.of("meta-llama/Llama-3.1-8B-Instruct"), 4_096));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-4096",
        "0",
        "4096.0",
        "4.096e3",
        "1e400",
        "99999999999",
        "\"4096\"",
        "null",
        "{}"
      })
  void takesNothingElseThanAWholeNumber(String number) throws MalformedJson {
    assertThat(llamaCpp("{\"default_generation_settings\":{\"n_ctx\":" + number + "}}")).isZero();
    assertThat(tgi("{\"max_total_tokens\":" + number + ",\"model_id\":7}"))
        .isEqualTo(EngineModels.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{\"n_ctx\":4096", "{\"n_ctx\":4096}{}"})
  void refusesWhatIsNoPage(String page) {
    assertThatExceptionOfType(MalformedJson.class).isThrownBy(() -> llamaCpp(page));
    assertThatExceptionOfType(MalformedJson.class).isThrownBy(() -> tgi(page));
  }

  private static int llamaCpp(String page) throws MalformedJson {
    return LlamaCppModels.PAGE.read(page.getBytes(UTF_8)).contextTokens();
  }

  private static EngineModels tgi(String page) throws MalformedJson {
    return TgiModels.PAGE.read(page.getBytes(UTF_8));
  }
}
