package dev.spillway.control.decisions;

import java.util.List;
import java.util.Optional;

/** Remembers the last requests with their decisions; may be asked from any thread. */
public interface DecisionSource {
  /** The one of this decision id; empty if it never was or is forgotten. */
  Optional<DecisionRecord> find(String id);

  /** The latest, newest first, at most {@code most}. */
  List<DecisionRecord> latest(int most);
}
