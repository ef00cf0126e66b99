package dev.spillway.site.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
  private static final long TOKENS_PER_BLOCK = PromptPrefix.tokens(1);

  private final PrefixIndex index = new PrefixIndex();

  @Test
  void holdsNothingAtFirst() {
    assertThat(index.heldTokens(prefix(1, 10))).isZero();
    assertThat(index.heldTokens(PromptPrefix.NONE)).isZero();
  }

  @Test
  void holdsWhatWasSentThere() {
    index.remember(prefix(1, 10));

    assertThat(index.heldTokens(prefix(1, 10))).isEqualTo(10 * TOKENS_PER_BLOCK);
    assertThat(index.heldTokens(prefix(2, 10))).isZero();
  }

  @Test
  void holdsTheCommonBeginningOfALongerPrompt() {
    index.remember(prefix(1, 10));

    assertThat(index.heldTokens(prefix(1, 25))).isEqualTo(10 * TOKENS_PER_BLOCK);
    assertThat(index.heldTokens(prefix(1, 4))).isEqualTo(4 * TOKENS_PER_BLOCK);
  }

  @Test
  void countsFromTheBeginningOnly() {
    PromptPrefix whole = prefix(1, 10);
    long[] tail = new long[9];
    for (int i = 0; i < tail.length; i++) {
      tail[i] = whole.hash(i + 1);
    }
    index.remember(new PromptPrefix(tail));

    assertThat(index.heldTokens(whole)).isZero();
  }

  @Test
  void forgetsAllOfItAndLearnsAnew() {
    index.remember(prefix(1, 10));
    index.remember(prefix(2, 10));

    index.forget();

    assertThat(index.heldTokens(prefix(1, 10))).isZero();
    assertThat(index.heldTokens(prefix(2, 10))).isZero();
    index.remember(prefix(2, 10));
    assertThat(index.heldTokens(prefix(2, 10))).isEqualTo(10 * TOKENS_PER_BLOCK);
    assertThat(index.heldTokens(prefix(1, 10))).isZero();
  }

  @Test
  void keepsWhatIsUsedAndLetsGoOfWhatIsNotWhenItIsFull() {
    PromptPrefix used = prefix(1, 40);
    PromptPrefix unused = prefix(2, 40);
    index.remember(unused);

    for (int i = 0; i < 2_000; i++) {
      index.remember(used);
      index.remember(prefix(1_000 + i, 40));
    }

    assertThat(index.heldTokens(used)).isEqualTo(40 * TOKENS_PER_BLOCK);
    assertThat(index.heldTokens(unused)).isZero();
  }

  @Test
  void holdsAMillionTokensOfWhichFewAreLostToOneAnother() {
    long prompts = 200;
    for (int i = 0; i < prompts; i++) {
      index.remember(prefix(i, 40));
    }

    long held = 0;
    for (int i = 0; i < prompts; i++) {
      held += index.heldTokens(prefix(i, 40));
    }

    assertThat(held).isGreaterThan(prompts * 40 * TOKENS_PER_BLOCK * 3 / 4);
  }

  @Test
  void staysWhatItIsHoweverManyLoopsUseIt() throws InterruptedException {
    PromptPrefix mine = prefix(1, 40);
    Thread[] others = new Thread[4];
    for (int i = 0; i < others.length; i++) {
      int seed = 10_000 * (i + 1);
      others[i] =
          Thread.ofVirtual()
              .start(() -> {
                for (int n = 0; n < 20; n++) {
                  index.remember(prefix(seed + n, 20));
                  index.remember(mine);
                }
              });
    }
    for (Thread each : others) {
      each.join();
    }

    assertThat(index.heldTokens(mine)).isEqualTo(40 * TOKENS_PER_BLOCK);
  }

  /** Of a prompt of its own, or of the beginning of a longer one of the same seed. */
  private static PromptPrefix prefix(long seed, int blocks) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] hashes = new long[blocks];
    for (int i = 0; i < blocks; i++) {
      hashes[i] = random.nextLong();
    }
    return new PromptPrefix(hashes);
  }
}
