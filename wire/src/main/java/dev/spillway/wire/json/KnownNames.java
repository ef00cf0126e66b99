package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Names that are likely to be read: found by their bytes, so that no new text is made of them. */
public final class KnownNames {
  private static final int SLOTS = 256;
  private static final int PRIME = 31;

  private final Known[][] slots = new Known[SLOTS][];

  private static final class Known {
    private final String name;
    private final byte[] bytes;

    private Known(String name) {
      this.name = name;
      this.bytes = name.getBytes(UTF_8);
    }
  }

  /** These. */
  public KnownNames(Collection<String> names) {
    Arrays.fill(slots, new Known[0]);
    for (String name : names) {
      Known known = new Known(name);
      int slot = slot(known.bytes, 0, known.bytes.length);
      Known[] more = Arrays.copyOf(slots[slot], slots[slot].length + 1);
      more[more.length - 1] = known;
      slots[slot] = more;
    }
  }

  /** The one that these bytes are; null if they are none. */
  @Nullable String find(byte[] source, int from, int to) {
    for (Known known : slots[slot(source, from, to)]) {
      if (Arrays.equals(known.bytes, 0, known.bytes.length, source, from, to)) {
        return known.name;
      }
    }
    return null;
  }

  private static int slot(byte[] bytes, int from, int to) {
    return from == to
        ? 0
        : ((to - from) * PRIME * PRIME + bytes[from] * PRIME + bytes[to - 1]) & (SLOTS - 1);
  }
}
