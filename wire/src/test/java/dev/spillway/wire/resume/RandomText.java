package dev.spillway.wire.resume;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Texts with all that JSON, UTF-8 and UTF-16 make hard, and ways to cut and to escape them. */
final class RandomText {
  private static final String[] PARTS = {
    "a", " the", "\"", "\\", "/", "\n", "\t", "\u0000", "\u001f", "\u007f", "é", "e\u0301", "ß",
    "中文", "\u2028", "\uFFFD", "😀", "👩‍👩‍👧‍👦", "🇨🇭", "\uD834\uDD1E", "ha ", "ha ", "ha ", "}",
        "]", "[DONE]",
    "data: ", "\\u0041", "\\n", "  ", "STOP"
  };

  private final RandomGenerator random;

  RandomText(RandomGenerator random) {
    this.random = random;
  }

  String text(int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }

  /** Pieces of one to five units of UTF-16: characters beyond the first plane may be split. */
  List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(5));
      pieces.add(text.substring(at, to));
      at = to;
    }
    return pieces;
  }

  /** The inside of a JSON string: each character as it is or escaped, where both are allowed. */
  String escaped(String piece) {
    StringBuilder json = new StringBuilder();
    int at = 0;
    while (at < piece.length()) {
      int codePoint = piece.codePointAt(at);
      at += Character.charCount(codePoint);
      boolean half = codePoint < 0x10000 && Character.isSurrogate((char) codePoint);
      boolean bare = codePoint >= ' ' && codePoint != '"' && codePoint != '\\' && !half;
      if (bare && random.nextInt(3) > 0) {
        json.appendCodePoint(codePoint);
      } else if (codePoint == '\n' && random.nextBoolean()) {
        json.append("\\n");
      } else if ((codePoint == '"' || codePoint == '\\' || codePoint == '/')
          && random.nextBoolean()) {
        json.append('\\').appendCodePoint(codePoint);
      } else {
        for (char unit : Character.toChars(codePoint)) {
          json.append("\\u%04x".formatted((int) unit));
        }
      }
    }
    return json.toString();
  }
}
