package dev.spillway.simulator.live;

import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.text.JsonTree;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a request of Anthropic's Messages API. */
final class MessageCallReader {
  private final TextOptions options = new TextOptions();
  private final Conversation messages = new Conversation("messages");
  private final Tools tools = new Tools();

  private MessageCallReader() {}

  static TextCall read(JsonParser json) throws RequestRefused {
    var reader = new MessageCallReader();
    Body.eachField(json, reader::field);
    return reader.call();
  }

  private TextCall call() throws RequestRefused {
    Prompt prompt = messages.toAnswer();
    TextCall call = options.call(prompt, tools.call(prompt.wish()).orElse(new Shape.Prose()));
    if (call.maxTokens().isEmpty()) {
      throw Body.invalid("max_tokens", "a number: this API has no default");
    }
    return call;
  }

  private void choice(@Nullable Object choice) throws RequestRefused {
    if (!(choice instanceof Map<?, ?> fields)) {
      throw Body.invalid("tool_choice", "an object");
    }
    switch (String.valueOf(fields.get("type"))) {
      case "any" -> tools.require(null);
      case "tool" -> tools.require(String.valueOf(fields.get("name")));
      case "auto", "none" -> {}
      default -> throw Body.invalid("tool_choice", "of type auto, any, tool or none");
    }
  }

  private void field(String name, JsonParser json) throws RequestRefused {
    switch (name) {
      case "messages" -> messages.readAll(json);
      case "system" -> {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          messages.addAside(json);
        } else {
          json.skipChildren();
        }
      }
      case "tools" -> tools.readTools(json);
      case "tool_choice" -> choice(JsonTree.read(json));
      case "stop_sequences" -> options.field("stop", json);
      default -> options.field(name, json);
    }
  }
}
