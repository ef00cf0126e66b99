package dev.spillway.simulator.live;

import dev.spillway.simulator.live.ChatCall.Delivery;
import dev.spillway.simulator.live.ChatCall.StreamUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one chat completion request; fields it does not know are skipped, as engines do. */
final class ChatCallReader {
  private static final int MAX_STOPS = 4;

  private final PromptCount prompt = new PromptCount();
  private final List<String> stops = new ArrayList<>();
  private @Nullable String model;
  private Delivery delivery = Delivery.WHOLE;
  private StreamUsage usage = StreamUsage.LEFT_OUT;
  private OptionalInt maxTokens = OptionalInt.empty();
  private OptionalInt wantedTokens = OptionalInt.empty();
  private int messages;

  private ChatCallReader() {}

  static ChatCall read(JsonParser json) throws RequestRefused {
    var reader = new ChatCallReader();
    Body.eachField(json, reader::field);
    return reader.call();
  }

  private ChatCall call() throws RequestRefused {
    if (messages == 0) {
      throw Body.invalid("messages", "at least one message");
    }
    return new ChatCall(
        model,
        delivery,
        usage,
        prompt.tokens(),
        prompt.hash(),
        maxTokens,
        wantedTokens,
        List.copyOf(stops));
  }

  private void field(String name, JsonParser json) throws RequestRefused {
    switch (name) {
      case "model" -> model = Body.text(json, name);
      case "messages" -> messages(json);
      case "stream" -> delivery = Body.flag(json, name) ? Delivery.STREAMED : Delivery.WHOLE;
      case "stream_options" -> Body.eachFieldOrNull(json, name, this::streamOption);
      case "max_tokens", "max_completion_tokens" -> maxTokens = Body.countOrNull(json, name, 1);
      case "n" -> {
        if (Body.countOrNull(json, name, 1).orElse(1) != 1) {
          throw Body.invalid(name, "1, the only number of choices served here");
        }
      }
      case "stop" -> stops(json);
      case "seed" -> prompt.mix(Body.countOrNull(json, name, Integer.MIN_VALUE).orElse(0));
      case "spillway_sim" -> Body.eachFieldOrNull(json, name, this::simulation);
      default -> json.skipChildren();
    }
  }

  private void streamOption(String name, JsonParser json) throws RequestRefused {
    if (name.equals("include_usage")) {
      usage = Body.flag(json, name) ? StreamUsage.INCLUDED : StreamUsage.LEFT_OUT;
    } else {
      json.skipChildren();
    }
  }

  private void simulation(String name, JsonParser json) throws RequestRefused {
    if (name.equals("output_tokens")) {
      wantedTokens = Body.countOrNull(json, name, 1);
    } else {
      json.skipChildren();
    }
  }

  private void messages(JsonParser json) throws RequestRefused {
    Body.expect(json, JsonToken.START_ARRAY, "messages", "an array of messages");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Body.expect(json, JsonToken.START_OBJECT, "messages", "an array of objects");
      Body.fields(json, this::messageField);
      messages++;
    }
  }

  /** Counts the text of a message, and that of its parts. */
  private void messageField(String name, JsonParser json) throws RequestRefused {
    switch (json.currentToken()) {
      case VALUE_STRING -> prompt.add(json);
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (json.currentToken() == JsonToken.START_OBJECT) {
            Body.fields(json, this::partField);
          }
        }
      }
      case VALUE_NULL -> {}
      default -> {
        if (name.equals("content")) {
          throw Body.invalid("messages", "content as a string or an array of parts");
        }
        json.skipChildren();
      }
    }
  }

  private void partField(String name, JsonParser json) {
    if (name.equals("text") && json.currentToken() == JsonToken.VALUE_STRING) {
      prompt.add(json);
    } else {
      json.skipChildren();
    }
  }

  private void stops(JsonParser json) throws RequestRefused {
    switch (json.currentToken()) {
      case VALUE_STRING -> stops.add(json.getString());
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          stops.add(Body.text(json, "stop"));
        }
      }
      case VALUE_NULL -> {}
      default -> throw Body.invalid("stop", "a string or an array of strings");
    }
    stops.removeIf(String::isEmpty);
    if (stops.size() > MAX_STOPS) {
      throw Body.invalid("stop", "at most " + MAX_STOPS + " strings");
    }
  }
}
