package dev.spillway.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.spillway.app.hub.Hub;
import dev.spillway.core.model.ModelName;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official OpenAI SDK for Java, unchanged but for its base URL. */
class OpenAiJavaIT {
  private static final String KEY = "sk-clients";
  private static final String CONFIG =
      """
      platform: azure-ai
      listen: {data: 127.0.0.1:0, admin: 127.0.0.1:0}
      sites:
        home: {provider: microsoft, role: home, geography: us}
      deployments:
        chat:
          site: home
          model: gpt-4o
          dialect: vllm
          url: http://127.0.0.1:ENGINE_PORT
          accelerator: h100
          capacity: {kind: self-hosted, replicas: 1}
      aliases: {gpt-4o-2024-08-06: gpt-4o}
      tenants:
        app: {class: online-inference, keys: {sha256: 2335c853aa3ad7eb3e2b74213262e00dae34f5eff91411b977b71a2100922ddd}}
      """;

  private static LiveEngine engine;
  private static Hub hub;

  @BeforeAll
  static void start() throws Exception {
    engine =
        LiveEngine.start(LiveEngineConfig.of(new ModelName("gpt-4o"), EngineCatalog.H100X4_70B));
    String config = CONFIG.replace("ENGINE_PORT", String.valueOf(engine.port()));
    hub =
        Hub.start(Path.of("spillway.yaml"), config.getBytes(StandardCharsets.UTF_8), request -> {});
  }

  @AfterAll
  static void stop() {
    hub.close();
    engine.close();
  }

  @Test
  void chats() {
    ChatCompletion answer = client(KEY).chat().completions().create(ask("gpt-4o"));

    assertThat(answer.choices().getFirst().message().content().orElseThrow()).isNotEmpty();
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(9);
  }

  @Test
  void chatsUnderAnAlias() {
    ChatCompletion answer = client(KEY).chat().completions().create(ask("gpt-4o-2024-08-06"));

    assertThat(answer.choices()).hasSize(1);
  }

  @Test
  void streams() {
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client(KEY).chat().completions().createStreaming(ask("gpt-4o"))) {
      stream.stream().forEach(whole::accumulate);
    }

    ChatCompletion answer = whole.chatCompletion();
    assertThat(answer.choices().getFirst().message().content().orElseThrow()).isNotEmpty();
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
  }

  @Test
  void embeds() {
    CreateEmbeddingResponse answer =
        client(KEY)
            .embeddings()
            .create(EmbeddingCreateParams.builder().model("gpt-4o").input("a mill race").build());

    assertThat(answer.data().getFirst().embedding()).isNotEmpty();
    assertThat(answer.usage().promptTokens()).isPositive();
  }

  @Test
  void seesAnUnknownModelAsNotFound() {
    assertThatThrownBy(() -> client(KEY).chat().completions().create(ask("gpt-9")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("gpt-9");
  }

  @Test
  void seesAWrongKeyAsUnauthorized() {
    assertThatThrownBy(() -> client("sk-wrong").chat().completions().create(ask("gpt-4o")))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageNotContaining("sk-wrong");
  }

  private static ChatCompletionCreateParams ask(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage("Say something.")
        .maxCompletionTokens(9)
        .build();
  }

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .apiKey(key)
        .baseUrl("http://127.0.0.1:" + hub.dataPort() + "/v1")
        .build();
  }
}
