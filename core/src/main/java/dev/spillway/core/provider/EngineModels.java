package dev.spillway.core.provider;

import java.util.List;

/**
 * What one engine says that it serves.
 *
 * @param names under which it takes requests, in its own order: models, aliases, adapters; empty if
 *     it does not say
 * @param contextTokens the longest input and output together that it takes; 0 if it does not say
 */
public record EngineModels(List<String> names, int contextTokens) {
  /** It says nothing. */
  public static final EngineModels UNKNOWN = new EngineModels(List.of(), 0);

  private static final int LONGEST_NAME = 256;

  /** Checks and copies; leaves out what is no name, and what is said twice. */
  public EngineModels {
    names = names.stream().filter(EngineModels::isName).distinct().toList();
    if (contextTokens < 0) {
      throw new IllegalArgumentException("contextTokens: " + contextTokens + " (expected: >= 0)");
    }
  }

  /** Whether a text can be shown and passed on as the name of a model. */
  public static boolean isName(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST_NAME
        && text.chars().noneMatch(Character::isISOControl);
  }
}
