package dev.spillway.site.prefix;

/**
 * What a prompt begins with, as salted hashes: one for each block of {@value #BLOCK_BYTES} bytes,
 * and each stands for all that comes before it as well. Two prompts share as many of them as they
 * share whole blocks, from the first on, under one salt; under different salts they share none.
 */
public final class PromptPrefix {
  /** Sixty-four tokens: finer would cost more, and engines share no less than sixteen. */
  static final int BLOCK_BYTES = 256;

  /** As everywhere here: a token is about four bytes of text. */
  private static final int BYTES_PER_TOKEN = 4;

  /** Of which nothing can be shared. */
  public static final PromptPrefix NONE = new PromptPrefix(new long[0]);

  private final long[] hashes;

  /** Takes over the array. */
  PromptPrefix(long[] hashes) {
    this.hashes = hashes;
  }

  /** How many whole blocks it has. */
  int blocks() {
    return hashes.length;
  }

  /** Of the first block to this one, together. */
  long hash(int block) {
    return hashes[block];
  }

  /** How many tokens so many blocks are, about. */
  static long tokens(int blocks) {
    return (long) blocks * BLOCK_BYTES / BYTES_PER_TOKEN;
  }
}
