package dev.spillway.core.policy;

import java.util.Arrays;
import java.util.BitSet;

/** An unmodifiable set of deployments, by their index in the topology. */
public final class DeploymentSet {
  /** No deployment. */
  public static final DeploymentSet NONE = new DeploymentSet(new long[0]);

  /** Without zeros at their end, so that equal sets have equal words. */
  private final long[] words;

  private DeploymentSet(long[] words) {
    this.words = words;
  }

  /** A copy of {@code bits}. */
  public static DeploymentSet of(BitSet bits) {
    return new DeploymentSet(bits.toLongArray());
  }

  /** Whether it holds the deployment of this index. */
  public boolean contains(int index) {
    int word = index >> 6;
    return word < words.length && (words[word] & (1L << index)) != 0;
  }

  /**
   * The first member at or after {@code from}, or -1 if there is none; for a loop without garbage.
   */
  public int next(int from) {
    int word = from >> 6;
    if (word >= words.length) {
      return -1;
    }
    long rest = words[word] & (-1L << from);
    while (rest == 0) {
      if (++word == words.length) {
        return -1;
      }
      rest = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(rest);
  }

  /** Whether it holds nothing. */
  public boolean isEmpty() {
    return next(0) < 0;
  }

  /** How many it holds. */
  public int size() {
    return Arrays.stream(words).mapToInt(Long::bitCount).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeploymentSet that && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return BitSet.valueOf(words).toString();
  }
}
