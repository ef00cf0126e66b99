package dev.spillway.simulator.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/**
 * The text of an answer: a short notice that it is simulated, then words that depend on nothing but
 * a seed and their position. Asked twice, it is the same twice.
 */
public final class SimulatedText implements AnswerText {
  /** What every such text begins with. */
  public static final String NOTICE = "This answer is simulated.";

  /** A natural length: from 64 tokens, fewer than 320. */
  private static final int SHORTEST = 64;

  private static final int SPREAD = 256;

  private static final byte[][] NOTICE_TOKENS =
      bytes(List.of("This", " answer", " is", " simulated", "."));
  private static final byte[][] WORDS =
      bytes(
          List.of(
              " river",
              " water",
              " flows",
              " over",
              " the",
              " gate",
              " and",
              " fills",
              " a",
              " basin",
              " below",
              " where",
              " quiet",
              " reeds",
              " bend",
              " toward",
              " light",
              " while",
              " small",
              " boats",
              " wait",
              " for",
              " wind",
              " from",
              " north",
              " until",
              " rain",
              " returns",
              " with",
              " evening",
              " clouds",
              " above",
              " green",
              " hills",
              " that",
              " hold",
              " snow",
              " through",
              " spring",
              " then",
              " give",
              " it",
              " back",
              " slowly",
              " as",
              " clear",
              " streams",
              " under",
              " old",
              " stone",
              " bridges",
              " near",
              " towns",
              " whose",
              " mills",
              " turn",
              " all",
              " day",
              " without",
              " haste",
              " or",
              " noise",
              " between",
              " fields"));

  private final long seed;

  /** The text that these numbers name. */
  public SimulatedText(long prompt, long seed) {
    this.seed = mixed(prompt ^ seed);
  }

  /** ASCII, nothing that JSON would escape. */
  @Override
  public byte[] token(int position) {
    if (position < NOTICE_TOKENS.length) {
      return NOTICE_TOKENS[position];
    }
    return WORDS[(int) Long.remainderUnsigned(mixed(seed + position), WORDS.length)];
  }

  @Override
  public byte[] escaped(int position) {
    return token(position);
  }

  @Override
  public int naturalTokens() {
    return SHORTEST + (int) Long.remainderUnsigned(mixed(~seed), SPREAD);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mixed(long value) {
    long z = (value + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static byte[][] bytes(List<String> words) {
    return words.stream().map(word -> word.getBytes(US_ASCII)).toArray(byte[][]::new);
  }
}
