package dev.spillway.simulator.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/** What an answer says, token by token: asked twice, the same twice. */
public sealed interface AnswerText permits SimulatedText, FixedText {
  /**
   * The token at a position, in UTF-8.
   *
   * @param position from 0; past the end, if there is one, there are empty tokens
   * @return not to be changed
   */
  byte[] token(int position);

  /** The same as it is written within a JSON string; not to be changed. */
  byte[] escaped(int position);

  /** How many tokens there are if nobody wishes otherwise, at least 1. */
  int naturalTokens();

  /**
   * A place in a text.
   *
   * @param token its position, from 0
   * @param byteOfToken how much of that token is before it, bytes
   */
  record Place(int token, int byteOfToken) {}

  /** Where this text goes on if so much has been said; empty if it does not begin so. */
  default Optional<Place> after(String begun) {
    byte[] said = begun.getBytes(UTF_8);
    int position = 0;
    for (int at = 0; at < said.length; position++) {
      byte[] token = token(position);
      int shared = Math.min(token.length, said.length - at);
      if (shared == 0 || !Arrays.equals(token, 0, shared, said, at, at + shared)) {
        return Optional.empty();
      }
      if (shared < token.length) {
        return Optional.of(new Place(position, shared));
      }
      at += shared;
    }
    return Optional.of(new Place(position, 0));
  }
}
