package dev.spillway.simulator.live;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** Strings as JSON writes them. */
final class Json {
  private Json() {}

  /** Appends the value in quotes, or {@code null}. */
  static void quote(@Nullable String value, StringBuilder to) {
    if (value == null) {
      to.append("null");
      return;
    }
    to.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, to);
    to.append('"');
  }
}
