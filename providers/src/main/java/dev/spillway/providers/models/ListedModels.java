package dev.spillway.providers.models;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the answer to {@code GET /v1/models}: {@code id} of each model, {@code aliases} of
 * llama.cpp, and {@code max_model_len} of vLLM and SGLang, which an adapter has not.
 *
 * <p>Of several models with different contexts the longest counts: which of them a request is for,
 * the engine knows better. What a model was trained with ({@code meta.n_ctx_train}) is not read.
 */
final class ListedModels {
  private final List<String> names = new ArrayList<>();
  private int contextTokens;

  private ListedModels() {}

  static EngineModels read(byte[] page) throws MalformedJson {
    ListedModels listed = new ListedModels();
    JsonCursor json = new JsonCursor().reset(ByteSlice.of(page));
    json.beginObject();
    while (json.nextMember()) {
      if ("data".equals(json.name()) && json.kind() == JsonKind.ARRAY) {
        listed.models(json);
      } else {
        json.skip();
      }
    }
    json.end();
    return new EngineModels(listed.names, listed.contextTokens);
  }

  private void models(JsonCursor json) throws MalformedJson {
    json.beginArray();
    while (json.nextElement()) {
      if (json.kind() == JsonKind.OBJECT) {
        model(json);
      } else {
        json.skip();
      }
    }
  }

  private void model(JsonCursor json) throws MalformedJson {
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "id" -> name(json);
        case "aliases" -> aliases(json);
        case "max_model_len" -> contextTokens = Math.max(contextTokens, TokenCount.read(json));
        default -> json.skip();
      }
    }
  }

  private void aliases(JsonCursor json) throws MalformedJson {
    if (json.kind() != JsonKind.ARRAY) {
      json.skip();
      return;
    }
    json.beginArray();
    while (json.nextElement()) {
      name(json);
    }
  }

  private void name(JsonCursor json) throws MalformedJson {
    if (json.kind() == JsonKind.STRING) {
      names.add(json.string());
    } else {
      json.skip();
    }
  }
}
