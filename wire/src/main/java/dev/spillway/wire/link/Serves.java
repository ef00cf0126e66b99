package dev.spillway.wire.link;

import dev.spillway.core.provider.EngineModels;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What engines of a deployment say that they serve, as far as they agree.
 *
 * @param contextTokens the least of the longest input and output together that each takes; 0 if
 *     none says
 * @param models the names that all know of those who name any; null if none does
 * @param more how many names there may be that they have in common beside these
 */
public record Serves(int contextTokens, @Nullable List<String> models, int more) {
  /** Nothing is known. */
  public static final Serves UNKNOWN = new Serves(0, null, 0);

  /** So many names travel, and no more. */
  private static final int MOST_MODELS = 16;

  /** Checks and copies. */
  public Serves {
    models = models == null ? null : List.copyOf(models);
    if (contextTokens < 0 || more < 0) {
      throw new IllegalArgumentException(
          "serves: " + contextTokens + ", " + more + " (expected: >= 0)");
    }
  }

  /** What one engine says. */
  public static Serves of(EngineModels said) {
    return new Serves(said.contextTokens(), said.names().isEmpty() ? null : said.names(), 0);
  }

  /** What these and those have in common; what one does not say is as the other says it. */
  public Serves and(Serves other) {
    int least =
        contextTokens == 0 || other.contextTokens == 0
            ? Math.max(contextTokens, other.contextTokens)
            : Math.min(contextTokens, other.contextTokens);
    return new Serves(least, common(models, other.models), Math.max(more, other.more));
  }

  /** Whether none of these is the name, for certain. */
  public boolean isWithout(String name) {
    return models != null && more == 0 && !models.contains(name);
  }

  /** The same with as many names as may travel, each of which can be shown. */
  public Serves bounded() {
    if (models == null) {
      return this;
    }
    List<String> kept = models.stream().filter(EngineModels::isName).limit(MOST_MODELS).toList();
    long left = (long) models.size() - kept.size() + more;
    return new Serves(contextTokens, kept, (int) Math.min(left, Integer.MAX_VALUE));
  }

  private static @Nullable List<String> common(
      @Nullable List<String> some, @Nullable List<String> others) {
    if (some == null || others == null) {
      return some == null ? others : some;
    }
    return some.stream().filter(Set.copyOf(others)::contains).toList();
  }
}
