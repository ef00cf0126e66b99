package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/**
 * The text of an answer: a short notice that it is simulated, then words that depend on nothing but
 * a seed and their position. Asked twice, it is the same twice.
 */
final class SimulatedText {
  private static final byte[][] NOTICE =
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

  SimulatedText(long seed) {
    this.seed = seed;
  }

  /** The token at a position, from 0: ASCII, nothing that JSON would escape. Not to be changed. */
  byte[] token(int position) {
    if (position < NOTICE.length) {
      return NOTICE[position];
    }
    return WORDS[(int) Long.remainderUnsigned(mixed(seed + position), WORDS.length)];
  }

  /** A number that depends on the seed alone, from 0 to {@code bound - 1}. */
  int drawn(int bound) {
    return (int) Long.remainderUnsigned(mixed(~seed), bound);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  static long mixed(long value) {
    long z = (value + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static byte[][] bytes(List<String> words) {
    return words.stream().map(word -> word.getBytes(US_ASCII)).toArray(byte[][]::new);
  }
}
