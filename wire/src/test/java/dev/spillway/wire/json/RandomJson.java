package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.random.RandomGenerator;

/** Texts of JSON, whole and broken. */
public final class RandomJson {
  private static final String[] TEXTS = {
    "",
    "a",
    "hello world, this is a longer text",
    "\\\"error\\\":",
    "\\\\",
    "\\n\\t\\/",
    "\\u0041",
    "\\ud83d\\ude00",
    "\u00e9\u4e2d\u6587",
    "\ud83d\ude00 smile",
    "finish_reason",
    "{}[],:",
  };
  private static final String[] NUMBERS = {"0", "-1", "12", "3.25", "1e9", "-0.5E-3", "123456789"};

  private final RandomGenerator random;

  /** Texts from this source of chance. */
  public RandomJson(RandomGenerator random) {
    this.random = random;
  }

  /** A well-formed text. */
  public byte[] text() {
    StringBuilder json = new StringBuilder();
    value(json, 0);
    return json.toString().getBytes(UTF_8);
  }

  /** A copy with a few bytes changed, taken out, put in or repeated. */
  public byte[] broken(byte[] whole) {
    byte[] bytes = whole.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      bytes = change(bytes, random.nextInt(bytes.length));
    }
    return bytes;
  }

  private byte[] change(byte[] bytes, int at) {
    byte any = random.nextBoolean() ? (byte) random.nextInt(256) : (byte) anyOf("{}[]\",:\\0-e. u");
    Splice.Builder splice = new Splice.Builder(bytes.length);
    ByteSlice one = ByteSlice.of(new byte[] {any});
    switch (random.nextInt(4)) {
      case 0 -> splice.replace(at, at + 1, one);
      case 1 -> splice.insert(at, one);
      case 2 -> splice.replace(at, at + 1, ByteSlice.of(""));
      default -> splice.replace(at, bytes.length, ByteSlice.of(""));
    }
    return splice.build().apply(ByteSlice.of(bytes));
  }

  private char anyOf(String characters) {
    return characters.charAt(random.nextInt(characters.length()));
  }

  private void value(StringBuilder json, int depth) {
    space(json);
    switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 -> json.append('"').append(TEXTS[random.nextInt(TEXTS.length)]).append('"');
      case 1 -> json.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 2 -> json.append(random.nextBoolean());
      case 3 -> json.append("null");
      case 4 -> object(json, depth);
      default -> array(json, depth);
    }
    space(json);
  }

  private void object(StringBuilder json, int depth) {
    json.append('{');
    int members = random.nextInt(4);
    for (int i = 0; i < members; i++) {
      json.append(i == 0 ? "" : ",").append("\"k").append(i).append("\" :");
      value(json, depth + 1);
    }
    json.append('}');
  }

  private void array(StringBuilder json, int depth) {
    json.append('[');
    int elements = random.nextInt(4);
    for (int i = 0; i < elements; i++) {
      json.append(i == 0 ? "" : ",");
      value(json, depth + 1);
    }
    json.append(']');
  }

  private void space(StringBuilder json) {
    if (random.nextInt(4) == 0) {
      json.append(anyOf(" \n\r\t"));
    }
  }
}
