package dev.spillway.wire.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/** Percent-encoding of a name inside a path or query: RFC 3986, sections 2.1 and 2.3. */
public final class PathSegment {
  private PathSegment() {}

  /** The name with all but unreserved characters encoded. */
  public static String encode(String name) {
    StringBuilder encoded = new StringBuilder(name.length() + 8);
    for (byte b : name.getBytes(UTF_8)) {
      if (isUnreserved(b)) {
        encoded.append((char) b);
      } else {
        encoded
            .append('%')
            .append(Integer.toHexString(0x100 | (b & 0xFF)).substring(1).toUpperCase(Locale.ROOT));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
