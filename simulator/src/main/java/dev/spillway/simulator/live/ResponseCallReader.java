package dev.spillway.simulator.live;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a request of the Responses API, which may go on from one that is kept. */
final class ResponseCallReader {
  private final TextOptions options = new TextOptions();
  private final Conversation input = new Conversation("input");
  private final Tools tools = new Tools();
  private final AnswerFormat format = new AnswerFormat("text");
  private @Nullable String previous;

  private final KeptResponses kept;

  private ResponseCallReader(KeptResponses kept) {
    this.kept = kept;
  }

  static TextCall read(JsonParser json, KeptResponses kept) throws RequestRefused {
    var reader = new ResponseCallReader(kept);
    Body.eachField(json, reader::field);
    return reader.call();
  }

  private TextCall call() throws RequestRefused {
    if (previous != null && kept.find(previous) == null) {
      throw new RequestRefused(ApiError.noSuchResponse(previous));
    }
    Prompt prompt = input.toAnswer();
    var call = tools.call(prompt.wish());
    return options.call(prompt, call.isPresent() ? call.get() : format.shape());
  }

  private void field(String name, JsonParser json) throws RequestRefused {
    switch (name) {
      case "input" -> {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          input.readOne(json);
        } else {
          input.readAll(json);
        }
      }
      case "instructions" -> {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          input.addAside(json);
        } else {
          json.skipChildren();
        }
      }
      case "tools" -> tools.readTools(json);
      case "tool_choice" -> tools.readChoice(json);
      case "text" -> Body.eachFieldOrNull(json, name, this::textField);
      case "previous_response_id" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          previous = Body.text(json, name);
        }
      }
      default -> options.field(name, json);
    }
  }

  private void textField(String name, JsonParser json) {
    if (name.equals("format")) {
      format.read(json);
    } else {
      json.skipChildren();
    }
  }
}
