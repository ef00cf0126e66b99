package dev.spillway.simulator.live;

import tools.jackson.core.JsonParser;

/** The size and the hash of a prompt, added up text by text without making strings of it. */
final class PromptCount {
  private static final int CHARS_PER_TOKEN = 4;

  private long chars;
  private long hash = 1;

  /** Adds the string the parser stands at. */
  void add(JsonParser json) {
    char[] text = json.getStringCharacters();
    int from = json.getStringOffset();
    int to = from + json.getStringLength();
    chars += to - from;
    long sum = hash;
    for (int i = from; i < to; i++) {
      sum = 31 * sum + text[i];
    }
    hash = sum;
  }

  void add(String text) {
    chars += text.length();
    long sum = hash;
    for (int i = 0; i < text.length(); i++) {
      sum = 31 * sum + text.charAt(i);
    }
    hash = sum;
  }

  /** Adds tokens already counted by the caller. */
  void addTokens(long tokens) {
    chars += tokens * CHARS_PER_TOKEN;
    mix(tokens);
  }

  void mix(long value) {
    hash = 31 * hash + value;
  }

  /** At least 1. */
  int tokens() {
    return Math.clamp(Math.ceilDiv(chars, CHARS_PER_TOKEN), 1, Integer.MAX_VALUE);
  }

  long hash() {
    return hash;
  }
}
