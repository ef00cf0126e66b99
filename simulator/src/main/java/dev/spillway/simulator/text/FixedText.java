package dev.spillway.simulator.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/** A text that is known beforehand, such as a JSON document, in tokens of a few characters. */
public final class FixedText implements AnswerText {
  private static final int CODE_POINTS_PER_TOKEN = 4;
  private static final byte[] NOTHING = {};

  private final List<byte[]> tokens = new ArrayList<>();
  private final List<byte[]> escaped = new ArrayList<>();

  /** A text of at least one character. */
  public FixedText(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("text: empty (expected: a character or more)");
    }
    int from = 0;
    while (from < text.length()) {
      int left = text.codePointCount(from, text.length());
      int to = text.offsetByCodePoints(from, Math.min(CODE_POINTS_PER_TOKEN, left));
      add(text.substring(from, to));
      from = to;
    }
  }

  @Override
  public byte[] token(int position) {
    return position < tokens.size() ? tokens.get(position) : NOTHING;
  }

  @Override
  public byte[] escaped(int position) {
    return position < escaped.size() ? escaped.get(position) : NOTHING;
  }

  @Override
  public int naturalTokens() {
    return tokens.size();
  }

  private void add(String token) {
    tokens.add(token.getBytes(UTF_8));
    escaped.add(
        new String(JsonStringEncoder.getInstance().quoteAsCharArray(token)).getBytes(UTF_8));
  }
}
