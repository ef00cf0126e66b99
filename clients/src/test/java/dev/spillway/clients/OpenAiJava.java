package dev.spillway.clients;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** How tests of the official SDK ask. */
final class OpenAiJava {
  private OpenAiJava() {}

  /** A client of this hub that tries again so many times by itself. */
  static OpenAIClient client(RunningHub hub, String key, int retries) {
    return OpenAIOkHttpClient.builder()
        .apiKey(key)
        .baseUrl(hub.baseUrl())
        .maxRetries(retries)
        .build();
  }

  /** A request for an answer of nine tokens. */
  static ChatCompletionCreateParams.Builder saying(String model, String text) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage(text)
        .maxCompletionTokens(9);
  }

  /** The answer as the SDK puts it together from a stream. */
  static ChatCompletion streamed(OpenAIClient client, ChatCompletionCreateParams.Builder request) {
    return accumulated(client, request.build()).chatCompletion();
  }

  /** The same, read as a class whose schema the answer was asked to keep to. */
  static <T> T streamed(
      OpenAIClient client, ChatCompletionCreateParams.Builder request, Class<T> type) {
    return accumulated(client, request.responseFormat(type).build().rawParams())
        .chatCompletion(type)
        .choices()
        .getFirst()
        .message()
        .content()
        .orElseThrow();
  }

  private static ChatCompletionAccumulator accumulated(
      OpenAIClient client, ChatCompletionCreateParams request) {
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(request)) {
      stream.stream().forEach(whole::accumulate);
    }
    return whole;
  }

  /** What it says. */
  static String content(ChatCompletion answer) {
    return answer.choices().getFirst().message().content().orElseThrow();
  }
}
