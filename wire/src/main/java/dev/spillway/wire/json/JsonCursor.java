package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Reads JSON in place: moves over the bytes once, tells positions, and makes a string only when
 * asked for one.
 *
 * <p>Strict: RFC 8259 to the letter and valid UTF-8, no byte order mark, {@value #MAX_DEPTH} levels
 * at most, numbers of {@value JsonNumber#MAX_BYTES} bytes at most. Duplicate names are the caller's
 * business. Not thread-safe; {@link #reset} makes it ready for the next text, so one cursor serves
 * a whole stream without allocating.
 *
 * <p>Why not the library: what reads requests and relays streams needs byte positions, strict UTF-8
 * and no allocation per chunk; see docs/decisions. Jackson is the judge in the tests, which compare
 * the two over random and broken texts.
 *
 * <pre>{@code
 * cursor.beginObject();
 * while (cursor.nextMember()) {
 *   if (cursor.nameIs(MODEL)) { model = cursor.string(); } else { cursor.skip(); }
 * }
 * cursor.end();
 * }</pre>
 */
public final class JsonCursor extends JsonText {
  private static final int MAX_DEPTH = 64;

  /** What a provider repeats of a request in its answer is inside other objects there. */
  private static final int MAX_DEPTH_OF_REQUESTS = MAX_DEPTH - 4;

  private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
  private static final byte[] FALSE = "false".getBytes(ISO_8859_1);
  private static final byte[] NULL = "null".getBytes(ISO_8859_1);

  private final JsonString string = new JsonString();
  private final boolean ofRequest;
  private final int maxDepth;
  private int depth;
  private int nameFrom;
  private boolean first;

  /** For what is ours or a provider's. */
  public JsonCursor() {
    this(false, MAX_DEPTH);
  }

  private JsonCursor(boolean ofRequest, int maxDepth) {
    this.ofRequest = ofRequest;
    this.maxDepth = maxDepth;
  }

  /**
   * For what a provider is to read as well: takes nothing that some readers cannot, which are
   * numbers beyond the range of a double, halves of surrogate pairs (RFC 8259, 6 and 8.2), and more
   * than {@value #MAX_DEPTH_OF_REQUESTS} levels.
   */
  public static JsonCursor ofRequests() {
    return new JsonCursor(true, MAX_DEPTH_OF_REQUESTS);
  }

  /** Starts on a text. */
  public JsonCursor reset(byte[] source, int offset, int length) {
    startOn(source, offset, length);
    depth = 0;
    first = false;
    return this;
  }

  /** Starts on a text. */
  public JsonCursor reset(ByteSlice text) {
    return reset(text.array(), text.offset(), text.length());
  }

  /** What the next value is. */
  public JsonKind kind() throws MalformedJson {
    return switch (peek()) {
      case '{' -> JsonKind.OBJECT;
      case '[' -> JsonKind.ARRAY;
      case '"' -> JsonKind.STRING;
      case 't', 'f' -> JsonKind.BOOLEAN;
      case 'n' -> JsonKind.NULL;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> JsonKind.NUMBER;
      default -> throw malformed("no value");
    };
  }

  /** Steps into an object. */
  public void beginObject() throws MalformedJson {
    begin('{');
  }

  /** Steps to the value of the next member; false steps out of the object. */
  public boolean nextMember() throws MalformedJson {
    if (!next('}')) {
      return false;
    }
    if (peek() != '"') {
      throw malformed("no name of a member");
    }
    nameFrom = at;
    scanString();
    expect(':');
    return true;
  }

  /**
   * Whether the member that {@link #nextMember} stepped to has this name; asked before its value.
   */
  public boolean nameIs(byte[] name) {
    return string.is(name);
  }

  /** The name of the member; asked before its value. */
  public String name() {
    return string.text();
  }

  /** The same; of these, without making it anew. */
  public String name(KnownNames known) {
    return string.text(known);
  }

  /** Where the name of the member begins, at its quote, from the start of the text. */
  public int namePosition() {
    return nameFrom - start;
  }

  /** Steps into an array. */
  public void beginArray() throws MalformedJson {
    begin('[');
  }

  /** Steps to the next element; false steps out of the array. */
  public boolean nextElement() throws MalformedJson {
    return next(']');
  }

  /** Reads a string. */
  public String string() throws MalformedJson {
    skipString();
    return string.text();
  }

  /** Passes over a string; {@link #textBytes} and {@link #textIs} then speak of it. */
  public void skipString() throws MalformedJson {
    if (peek() != '"') {
      throw malformed("no string");
    }
    scanString();
  }

  /** Length of the string that was read last, in bytes of UTF-8, unescaped. */
  public int textBytes() {
    return string.textBytes();
  }

  /** Where the string that was read last begins, after its quote, from the start of the text. */
  public int textFrom() {
    return string.from() - start;
  }

  /** Where the string that was read last ends, before its quote, from the start of the text. */
  public int textTo() {
    return string.to() - start;
  }

  /** Whether the string that was read last says this. */
  public boolean textIs(byte[] text) {
    return string.is(text);
  }

  /** Passes over a number; its value if it is an integer of 18 digits at most. */
  public long integerOr(long otherwise) throws MalformedJson {
    int from = start + position();
    skipNumber();
    return JsonNumber.integerOr(otherwise, bytes, from, at);
  }

  /** Reads {@code true} or {@code false}. */
  public boolean bool() throws MalformedJson {
    boolean value = peek() == 't';
    literal(value ? TRUE : FALSE);
    return value;
  }

  /** Passes over a {@code null}; false, without a step, if the value is another. */
  public boolean skipNull() throws MalformedJson {
    if (peek() != 'n') {
      return false;
    }
    literal(NULL);
    return true;
  }

  /** Passes over a value of any kind, and checks it on the way. */
  public void skip() throws MalformedJson {
    int outside = depth;
    long objects = 0;
    while (true) {
      JsonKind kind = kind();
      switch (kind) {
        case OBJECT, ARRAY -> {
          begin(kind == JsonKind.OBJECT ? '{' : '[');
          objects = kind == JsonKind.OBJECT ? (objects << 1) | 1 : objects << 1;
        }
        case STRING -> skipString();
        case NUMBER -> skipNumber();
        case BOOLEAN -> bool();
        case NULL -> literal(NULL);
      }
      while (depth > outside && !((objects & 1) == 1 ? nextMember() : nextElement())) {
        objects >>>= 1;
      }
      if (depth == outside) {
        return;
      }
    }
  }

  private void begin(char bracket) throws MalformedJson {
    expect(bracket);
    if (++depth > maxDepth) {
      throw malformed("more than " + maxDepth + " levels");
    }
    first = true;
  }

  private boolean next(char close) throws MalformedJson {
    if (peek() == close) {
      at++;
      depth--;
      first = false;
      return false;
    }
    if (!first) {
      expect(',');
      peek();
    }
    first = false;
    return true;
  }

  private void scanString() throws MalformedJson {
    at = string.scan(bytes, at + 1, end, start);
    if (ofRequest && string.hasHalfOfPair()) {
      throw malformed("half of a surrogate pair in a string that ends");
    }
  }

  private void skipNumber() throws MalformedJson {
    peek();
    int from = at;
    at = JsonNumber.scan(bytes, at, end, start);
    if (ofRequest && !JsonNumber.isFinite(bytes, from, at)) {
      throw malformed("a number out of range that ends");
    }
  }
}
