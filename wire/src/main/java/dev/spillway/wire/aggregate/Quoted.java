package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;

/** Texts that are escaped already, as JSON strings. */
final class Quoted {
  private static final ByteSlice QUOTE = ByteSlice.of("\"");

  private Quoted() {}

  static ByteSlice of(GrowingText escaped) {
    GrowingText string = new GrowingText();
    string.append(QUOTE);
    string.append(escaped.slice());
    string.append(QUOTE);
    return string.slice();
  }
}
