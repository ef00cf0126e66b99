package dev.spillway.wire.aggregate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Texts by name, in the order in which they came. */
final class HeldTexts {
  private final FoldBudget budget;
  private final Map<String, HeldText> texts = new LinkedHashMap<>();

  HeldTexts(FoldBudget budget) {
    this.budget = budget;
  }

  /** That of this name, which begins if there is none; one that nobody holds if nothing may be. */
  HeldText of(String name) {
    HeldText known = texts.get(name);
    if (known != null) {
      return known;
    }
    HeldText text = new HeldText(budget);
    if (budget.isOpen()) {
      texts.put(name, text);
      budget.holds(FoldBudget.entryBytes(name));
    }
    return text;
  }

  @Nullable HeldText get(String name) {
    return texts.get(name);
  }

  boolean contains(String name) {
    return texts.containsKey(name);
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  void each(BiConsumer<String, HeldText> sink) {
    texts.forEach(sink);
  }
}
