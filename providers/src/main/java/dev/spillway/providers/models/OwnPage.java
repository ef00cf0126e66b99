package dev.spillway.providers.models;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of an engine's own that says what it serves, beside the list of models that all have.
 *
 * @param path such as {@code /props}
 * @param context where its longest input and output together is, as names of members from the
 *     outside in; the first place that has one counts
 * @param model the member that names the model; null if none does
 */
public record OwnPage(String path, List<List<String>> context, @Nullable String model) {
  /** Copies. */
  public OwnPage {
    context = context.stream().map(List::copyOf).toList();
  }

  /** What a page says. */
  EngineModels read(byte[] page) throws MalformedJson {
    Reading reading = new Reading();
    JsonCursor json = new JsonCursor().reset(ByteSlice.of(page));
    reading.object(json, List.of());
    json.end();
    int tokens =
        context.stream()
            .map(reading.numbers::get)
            .filter(Objects::nonNull)
            .filter(each -> each > 0)
            .findFirst()
            .orElse(0);
    return new EngineModels(reading.names, tokens);
  }

  /** What was found so far. */
  private final class Reading {
    private final Map<List<String>, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    void object(JsonCursor json, List<String> outside) throws MalformedJson {
      json.beginObject();
      while (json.nextMember()) {
        List<String> place = new ArrayList<>(outside);
        place.add(json.name());
        JsonKind kind = json.kind();
        if (kind == JsonKind.OBJECT && leadsOn(place)) {
          object(json, place);
        } else if (kind == JsonKind.STRING && place.equals(named())) {
          names.add(json.string());
        } else if (context.contains(place)) {
          numbers.put(place, TokenCount.read(json));
        } else {
          json.skip();
        }
      }
    }

    private List<String> named() {
      return model == null ? List.of() : List.of(model);
    }

    private boolean leadsOn(List<String> place) {
      return context.stream()
          .anyMatch(
              each -> each.size() > place.size() && each.subList(0, place.size()).equals(place));
    }
  }
}
