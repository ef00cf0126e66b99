package dev.spillway.wire.chat;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.Span;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one pass over a request has found so far. */
final class RequestFacts {
  final Set<Feature> features = EnumSet.noneOf(Feature.class);
  @Nullable String model;
  @Nullable String reasoningEffort;
  @Nullable String promptCacheKey;
  @Nullable String safetyIdentifier;
  @Nullable String user;
  @Nullable String previousResponse;
  @Nullable Span includeUsage;
  long maxTokens;
  long maxCompletionTokens;
  int choices = 1;
  boolean goesOn;

  void put(Feature feature, boolean is) {
    if (is) {
      features.add(feature);
    }
  }

  /** The limit's newer name comes first. */
  long maxOutputTokens() {
    return maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens;
  }

  /** The model that is asked for; the path's replaces the body's. */
  String theModel(Operation operation, @Nullable String modelOfPath) throws InvalidRequest {
    String asked = modelOfPath != null ? modelOfPath : model;
    if (asked == null) {
      asked = operation.usualModel();
    }
    if (asked == null || asked.isEmpty()) {
      throw new InvalidRequest("model", "missing or empty (expected: the name of a model)");
    }
    return asked;
  }
}
