package dev.spillway.app.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written in powers of 1,024.
 *
 * @param bytes at least 0
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  static final String PATTERN = "^[0-9]{1,9}(B|KiB|MiB|GiB)$";
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");
  private static final Map<String, Long> UNITS =
      Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  /** Checks the bound. */
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("size: " + bytes + " (expected: >= 0)");
    }
  }

  /** Reads {@code 16KiB}; throws {@link IllegalArgumentException} if it is no such text. */
  static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new ByteSize(
        Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 1L));
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return bytes + "B";
  }
}
