package dev.spillway.wire.json;

/** Whole numbers in ASCII, without a text in between. */
final class Digits {
  /** Of the longest number, with its sign. */
  static final int MOST = 20;

  private static final int TEN = 10;

  private Digits() {}

  /** Writes a number; returns the index after its last digit. */
  static int write(long number, byte[] to, int at) {
    if (number < 0) {
      String text = Long.toString(number); // never of what is counted
      for (int i = 0; i < text.length(); i++) {
        to[at + i] = (byte) text.charAt(i);
      }
      return at + text.length();
    }
    int end = at + count(number);
    long rest = number;
    for (int i = end - 1; i >= at; i--) {
      long tens = rest / TEN;
      to[i] = (byte) ('0' + (rest - TEN * tens));
      rest = tens;
    }
    return end;
  }

  private static int count(long number) {
    int count = 1;
    for (long rest = number; rest >= TEN; rest /= TEN) {
      count++;
    }
    return count;
  }
}
