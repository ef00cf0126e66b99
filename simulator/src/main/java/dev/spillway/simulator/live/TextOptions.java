package dev.spillway.simulator.live;

import dev.spillway.simulator.live.TextCall.Delivery;
import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.live.TextCall.StreamUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The fields that requests for a text have in common; others are skipped, as engines do. */
final class TextOptions {
  private static final int MAX_STOPS = 4;

  private final List<String> stops = new ArrayList<>();
  private @Nullable String model;
  private Delivery delivery = Delivery.WHOLE;
  private StreamUsage usage = StreamUsage.LEFT_OUT;
  private OptionalInt maxTokens = OptionalInt.empty();
  private OptionalInt wantedTokens = OptionalInt.empty();
  private OptionalInt seed = OptionalInt.empty();

  void field(String name, JsonParser json) throws RequestRefused {
    switch (name) {
      case "model" -> model = Body.text(json, name);
      case "stream" -> delivery = Body.flag(json, name) ? Delivery.STREAMED : Delivery.WHOLE;
      case "stream_options" -> Body.eachFieldOrNull(json, name, this::streamOption);
      case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
          maxTokens = Body.countOrNull(json, name, 1);
      case "n", "best_of" -> {
        if (Body.countOrNull(json, name, 1).orElse(1) != 1) {
          throw Body.invalid(name, "1, the only number of choices served here");
        }
      }
      case "stop" -> stops(json);
      case "seed" -> seed = Body.countOrNull(json, name, Integer.MIN_VALUE);
      case "spillway_sim" -> Body.eachFieldOrNull(json, name, this::simulation);
      default -> json.skipChildren();
    }
  }

  /** So many tokens unless the caller said. */
  void limitByDefault(int tokens) {
    if (maxTokens.isEmpty()) {
      maxTokens = OptionalInt.of(tokens);
    }
  }

  /** What a prompt's hash becomes by the caller's seed. */
  long seeded(long hash) {
    return seed.isPresent() ? 31 * hash + seed.getAsInt() : hash;
  }

  TextCall call(Prompt prompt, Shape shape) {
    Prompt seeded =
        new Prompt(prompt.tokens(), seeded(prompt.hash()), prompt.begun(), prompt.wish());
    return new TextCall(
        model, delivery, usage, seeded, maxTokens, wantedTokens, List.copyOf(stops), shape);
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
