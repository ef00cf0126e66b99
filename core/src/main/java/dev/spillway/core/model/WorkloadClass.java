package dev.spillway.core.model;

import java.util.Locale;
import java.util.Optional;

/** What kind of work a request is; clauses speak of it. */
public enum WorkloadClass {
  /** Somebody is waiting for the answer. */
  ONLINE_INFERENCE,
  /** Nobody is waiting; a deadline is hours away. */
  BATCH_INFERENCE,
  /** A model is adapted. */
  FINE_TUNING,
  /** A model is made. */
  PRETRAINING;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Its name in configuration, headers and metrics, such as {@code online-inference}. */
  public String label() {
    return label;
  }

  /** Finds the class of this label; empty if there is none. */
  public static Optional<WorkloadClass> ofLabel(String label) {
    for (WorkloadClass each : values()) {
      if (each.label.equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
