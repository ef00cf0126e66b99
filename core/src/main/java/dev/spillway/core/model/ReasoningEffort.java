package dev.spillway.core.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long a model is asked to think before it answers. */
public enum ReasoningEffort {
  /** The request does not say: the model's own default. */
  UNSAID,
  /** Not at all. */
  NONE,
  /** Hardly. */
  MINIMAL,
  /** A little. */
  LOW,
  /** As usual. */
  MEDIUM,
  /** Long. */
  HIGH,
  /** Very long. */
  XHIGH,
  /** As long as it likes. */
  MAX;

  /** The effort of this label, in any case; {@link #UNSAID} of null or one that nobody knows. */
  public static ReasoningEffort ofLabel(@Nullable String label) {
    if (label != null) {
      String name = label.toUpperCase(Locale.ROOT);
      for (ReasoningEffort each : values()) {
        if (each.name().equals(name)) {
          return each;
        }
      }
    }
    return UNSAID;
  }

  /** Whether it thinks so little that its first content comes as soon as the prompt is read. */
  public boolean answersAtOnce() {
    return switch (this) {
      case UNSAID, NONE, MINIMAL -> true;
      case LOW, MEDIUM, HIGH, XHIGH, MAX -> false;
    };
  }
}
