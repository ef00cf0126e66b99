package dev.spillway.app.yaml;

import static java.util.Objects.requireNonNull;

import dev.spillway.app.yaml.Shape.Field;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.Node;

/** Plain values: parsed, held against their bounds, described. */
final class Values {
  private static final int MOST_SHOWN = 60;

  private final Scalars scalars;

  Values(Scalars scalars) {
    this.scalars = scalars;
  }

  /** The value of a text; null if it is none. */
  @Nullable Object parse(Class<?> type, String text) {
    try {
      return scalar(type).parse().apply(text);
    } catch (IllegalArgumentException e) {
      return null; // whoever asks says what was expected
    }
  }

  /** What a value looks like; {@code about} says what bounds it, if anything does. */
  String expected(Type type, @Nullable Key about) {
    if (!(type instanceof Class<?> simple)) {
      return "a list, or names with their values";
    }
    var scalar = scalars.find(simple);
    if (scalar.isEmpty()) {
      return simple.isSealed() ? "kind and its keys" : "keys, each with its value";
    }
    List<String> words = new ArrayList<>(List.of(scalar.get().expected()));
    words.addAll(about == null ? List.of() : bounds(about));
    return String.join(", ", words);
  }

  /** The default, as if it stood in a file. */
  Node defaultOf(Field field) {
    return new Compose(LoadSettings.builder().build())
        .composeString(field.about().otherwise())
        .orElseThrow();
  }

  /** Whether a value keeps to its bounds. */
  boolean isWithin(Key about, Class<?> type, Object value) {
    return keeps(type, value, about.atLeast(), order -> order >= 0)
        && keeps(type, value, about.moreThan(), order -> order > 0)
        && keeps(type, value, about.atMost(), order -> order <= 0)
        && keeps(type, value, about.lessThan(), order -> order < 0);
  }

  /** Bounds in the words of errors and documents, such as {@code >= 1}. */
  static List<String> bounds(Key about) {
    List<String> bounds = new ArrayList<>();
    addIf(bounds, ">= ", about.atLeast());
    addIf(bounds, "> ", about.moreThan());
    addIf(bounds, "<= ", about.atMost());
    addIf(bounds, "< ", about.lessThan());
    return bounds;
  }

  /** A text as errors repeat it: not too long, and without what an address has of secrets. */
  static String shown(String text) {
    String safe =
        withoutLogin(text).replaceAll("(//[^?\\s]*\\?)\\S+", "$1***").replaceAll("\\p{Cntrl}", "?");
    return "'" + (safe.length() > MOST_SHOWN ? safe.substring(0, MOST_SHOWN) + "..." : safe) + "'";
  }

  /** What stands before the last {@code @}, with or without a scheme, may be a password. */
  private static String withoutLogin(String text) {
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("//");
    return at < 0
        ? text
        : text.substring(0, scheme < 0 || scheme > at ? 0 : scheme + 2)
            + "***"
            + text.substring(at);
  }

  @SuppressWarnings("unchecked") // a bound is written, and so parsed, as the value is
  private boolean keeps(Class<?> type, Object value, String bound, IntPredicate order) {
    if (bound.isEmpty()) {
      return true;
    }
    Object limit = requireNonNull(parse(type, bound), bound);
    return order.test(((Comparable<Object>) value).compareTo(limit));
  }

  private ScalarType<?> scalar(Class<?> type) {
    return scalars.find(type).orElseThrow();
  }

  private static void addIf(List<String> bounds, String sign, String bound) {
    if (!bound.isEmpty()) {
      bounds.add(sign + bound);
    }
  }
}
