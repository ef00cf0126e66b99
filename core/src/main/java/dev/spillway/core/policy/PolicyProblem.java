package dev.spillway.core.policy;

/**
 * Why a contract cannot be compiled.
 *
 * @param path where in the configuration, such as {@code contract.xai-apart.deployment}
 * @param message what was found there and what was expected
 */
public record PolicyProblem(String path, String message) {
  @Override
  public String toString() {
    return path + ": " + message;
  }
}
