package dev.spillway.providers.models;

import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/** A number of tokens as engines write it. */
final class TokenCount {
  private TokenCount() {}

  /** Passes over a value of any kind; 0 if it is no whole number from 1 to 2^31 - 1. */
  static int read(JsonCursor json) throws MalformedJson {
    if (json.kind() != JsonKind.NUMBER) {
      json.skip();
      return 0;
    }
    long number = json.integerOr(0);
    return number > 0 && number <= Integer.MAX_VALUE ? (int) number : 0;
  }
}
