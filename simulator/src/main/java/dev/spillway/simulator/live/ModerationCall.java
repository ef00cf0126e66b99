package dev.spillway.simulator.live;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a moderation request asks for.
 *
 * @param model as the body says, or null
 * @param inputs how many results are wanted, at least 1
 */
record ModerationCall(@Nullable String model, int inputs) {
  private static final int MAX_INPUTS = 2_048;

  static ModerationCall read(JsonParser json) throws RequestRefused {
    var reader = new Reader();
    Body.eachField(json, reader::field);
    if (reader.inputs < 1 || reader.inputs > MAX_INPUTS) {
      throw Body.invalid("input", "1 to " + MAX_INPUTS + " texts");
    }
    return new ModerationCall(reader.model, reader.inputs);
  }

  private static final class Reader {
    private @Nullable String model;
    private int inputs;

    void field(String name, JsonParser json) throws RequestRefused {
      switch (name) {
        case "model" -> model = Body.text(json, name);
        case "input" -> inputs = inputs(json);
        default -> json.skipChildren();
      }
    }

    /** Texts are judged one by one, the parts of one multi-modal input together. */
    private static int inputs(JsonParser json) throws RequestRefused {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        return 1;
      }
      Body.expect(json, JsonToken.START_ARRAY, "input", "a string or an array");
      int texts = 0;
      int parts = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          json.skipChildren();
          parts = 1;
        } else {
          Body.text(json, "input");
          texts++;
        }
      }
      return texts + parts;
    }
  }
}
