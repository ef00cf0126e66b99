package dev.spillway.site.prefix;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one engine is believed to hold of prompts, by what was sent there.
 *
 * <p>A table of {@value #SLOTS} hashes in sets of {@value #WAYS}: a million tokens of prompts, in
 * 128 KiB that never grow. In a full set the block that was asked for longest ago gives way, as it
 * does in engines. It is a guess: an engine may have evicted what is here, and holds answers that
 * are not; whoever relies on it must not lose much when it is wrong.
 *
 * <p>Shared by all loops without a lock. A slot is one {@code long}, its hash and when it was last
 * sent; two loops that write one at once lose one of the two blocks, which costs one hit.
 *
 * <p>After Gateway API Inference Extension's approximate prefix index (blocks of 64 tokens, 31,250
 * of them a server; 2026-11).
 */
public final class PrefixIndex {
  private static final int WAYS = 16;
  private static final int SLOTS = 1 << 14;
  private static final int SETS = SLOTS / WAYS;

  private static final long AGE = (1 << 20) - 1;
  private static final long TAG = ~AGE;

  /** Set in each tag, so that none is like a slot where nothing is. */
  private static final long TAKEN = 1L << 63;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
  private final AtomicInteger prompts = new AtomicInteger();
  private volatile long life = GOLDEN;

  /** How many tokens of a prompt's beginning it is believed to hold. */
  public long heldTokens(PromptPrefix prefix) {
    long alive = life;
    int held = 0;
    while (held < prefix.blocks() && holds(prefix.hash(held) ^ alive)) {
      held++;
    }
    return PromptPrefix.tokens(held);
  }

  /** A prompt was sent there. */
  public void remember(PromptPrefix prefix) {
    long alive = life;
    long age = prompts.incrementAndGet() & AGE;
    for (int i = 0; i < prefix.blocks(); i++) {
      put(prefix.hash(i) ^ alive, age);
    }
  }

  /** It was restarted, or is gone: what it held is lost. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // forgetting twice at once is forgetting
  public void forget() {
    life = (life ^ (life >>> 29)) * GOLDEN + 1;
  }

  private boolean holds(long key) {
    int set = set(key);
    long tag = tag(key);
    for (int way = 0; way < WAYS; way++) {
      if ((slots.getOpaque(set + way) & TAG) == tag) {
        return true;
      }
    }
    return false;
  }

  private void put(long key, long age) {
    int set = set(key);
    long tag = tag(key);
    int at = set;
    long oldest = -1;
    for (int way = 0; way < WAYS; way++) {
      long slot = slots.getOpaque(set + way);
      long unused = slot == 0 ? AGE + 1 : (age - slot) & AGE;
      if ((slot & TAG) == tag) {
        at = set + way;
        break;
      }
      if (unused > oldest) {
        oldest = unused;
        at = set + way;
      }
    }
    slots.setOpaque(at, tag | age);
  }

  private static int set(long key) {
    return (int) (key & (SETS - 1)) * WAYS;
  }

  private static long tag(long key) {
    return (key & TAG) | TAKEN;
  }
}
