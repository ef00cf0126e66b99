package dev.spillway.wire.multipart;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.wire.json.ByteSlice;
import java.util.Arrays;

/**
 * What parts a form's parts: RFC 2046, section 5.1.1.
 *
 * <p>Found as Horspool does (1980): from the end of the pattern, so that of a file's bytes one in
 * as many as the boundary is long is looked at.
 */
public final class Boundary {
  private static final int LONGEST = 70;
  private static final String FORM = "multipart/form-data";
  private static final String PARAMETER = "boundary=";
  private static final String SPECIAL = "'()+_,-./:=? ";

  private final byte[] delimiter;
  private final int[] steps = new int[256];

  private Boundary(String text) {
    this.delimiter = ("\r\n--" + text).getBytes(US_ASCII);
    Arrays.fill(steps, delimiter.length);
    for (int i = 0; i < delimiter.length - 1; i++) {
      steps[delimiter[i] & 0xFF] = delimiter.length - 1 - i;
    }
  }

  /**
   * Reads the header {@code Content-Type} of a form.
   *
   * @throws MalformedForm if it is of something else, or names no boundary that is one
   */
  public static Boundary of(String contentType) throws MalformedForm {
    int semicolon = contentType.indexOf(';');
    if (semicolon < 0 || !contentType.substring(0, semicolon).strip().equalsIgnoreCase(FORM)) {
      throw new MalformedForm("no boundary in its content-type");
    }
    String found = null;
    for (String parameter : contentType.substring(semicolon + 1).split(";", -1)) {
      String stripped = parameter.strip();
      if (!stripped.regionMatches(true, 0, PARAMETER, 0, PARAMETER.length())) {
        continue;
      }
      if (found != null) {
        throw new MalformedForm("two boundaries in its content-type");
      }
      found = unquoted(stripped.substring(PARAMETER.length()));
    }
    if (found == null) {
      throw new MalformedForm("no boundary in its content-type");
    }
    check(found);
    return new Boundary(found);
  }

  /** The header {@code Content-Type} of a form that it parts. */
  public String contentType() {
    return FORM + "; " + PARAMETER + "\"" + line().toString().substring(2) + "\"";
  }

  /** The line that begins a part, without its line end. */
  ByteSlice line() {
    return new ByteSlice(delimiter, 2, delimiter.length - 2);
  }

  /** Whether a line begins here with two hyphens and this. */
  boolean isAt(byte[] bytes, int at, int end) {
    int length = delimiter.length - 2;
    return end - at >= length
        && Arrays.equals(bytes, at, at + length, delimiter, 2, delimiter.length);
  }

  /** Where the next line end, two hyphens and this are; -1 if nowhere. */
  int find(byte[] bytes, int from, int end) {
    int last = delimiter.length - 1;
    int at = from;
    while (at + last < end) {
      byte candidate = bytes[at + last];
      if (candidate == delimiter[last] && Arrays.equals(bytes, at, at + last, delimiter, 0, last)) {
        return at;
      }
      at += steps[candidate & 0xFF];
    }
    return -1;
  }

  /** How long {@link #find} finds it to be. */
  int length() {
    return delimiter.length;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static void check(String boundary) throws MalformedForm {
    if (boundary.isEmpty() || boundary.length() > LONGEST || boundary.endsWith(" ")) {
      throw new MalformedForm("a boundary that is empty or longer than " + LONGEST + " characters");
    }
    for (int i = 0; i < boundary.length(); i++) {
      char c = boundary.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && SPECIAL.indexOf(c) < 0) {
        throw new MalformedForm("a boundary of characters that none may have");
      }
    }
  }
}
