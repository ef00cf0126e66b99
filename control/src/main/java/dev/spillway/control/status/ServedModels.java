package dev.spillway.control.status;

import dev.spillway.wire.link.Serves;

/**
 * What the engines of a deployment serve, by the word of its site's agents.
 *
 * @param expected the name under which the model is asked for there
 * @param said what they say
 */
public record ServedModels(String expected, Serves said) {
  /** Whether the engines have other names, for certain; they may take this one all the same. */
  public boolean isExpectedMissing() {
    return said.isWithout(expected);
  }
}
