package dev.spillway.site.prefix;

import dev.spillway.wire.chat.StableHash;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds in a body what an engine reads first, and hashes it block by block.
 *
 * <p>Engines put tools before instructions and those before messages, wherever they stand in the
 * body; so does this, so that a conversation whose next turn asks for more tokens still begins as
 * it did. What is not JSON, or has none of these, has no prefix: nothing here judges a body. It
 * looks at the first {@value #MOST_BYTES} bytes and no further.
 *
 * <p>Costs some 0.1 ms at the most. Not thread-safe: one an event loop.
 */
public final class PromptReader {
  /** About 32,000 tokens: whose beginnings are the same that far, load may tell apart. */
  private static final int MOST_BYTES = 128 << 10;

  private static final int FIRST_BYTES = 8 << 10;

  /** Names of fields, by the order in which engines read them. */
  private static final List<List<byte[]>> PARTS =
      List.of(
          names("tools", "functions"),
          names("system", "instructions"),
          names("messages", "prompt", "input"));

  private final int[] from = new int[PARTS.size()];
  private final int[] to = new int[PARTS.size()];
  private final long[] hashes = new long[MOST_BYTES / PromptPrefix.BLOCK_BYTES];
  private byte[] bytes = new byte[FIRST_BYTES];
  private int end;

  /** Of a body, which is left as it is. */
  public PromptPrefix read(ByteBuf body, long salt) {
    end = Math.min(body.readableBytes(), MOST_BYTES);
    if (bytes.length < end) {
      bytes = new byte[MOST_BYTES];
    }
    body.getBytes(body.readerIndex(), bytes, 0, end);
    Arrays.fill(from, -1);
    findParts();
    return hash(salt);
  }

  private void findParts() {
    int at = after(0, ' ');
    if (at >= end || bytes[at] != '{') {
      return;
    }
    at = after(at + 1, ',');
    while (at < end && bytes[at] == '"') {
      int name = at + 1;
      int nameEnd = stringEnd(at);
      int value = after(nameEnd + 1, ':');
      at = valueEnd(value);
      note(name, nameEnd, value, at);
      at = after(at, ',');
    }
  }

  private void note(int name, int nameEnd, int value, int valueEnd) {
    for (int part = 0; part < PARTS.size(); part++) {
      for (byte[] each : PARTS.get(part)) {
        if (nameEnd <= end && Arrays.equals(each, 0, each.length, bytes, name, nameEnd)) {
          from[part] = value;
          to[part] = Math.min(end, valueEnd);
        }
      }
    }
  }

  private PromptPrefix hash(long salt) {
    long chain = salt;
    int blocks = 0;
    for (int part = 0; part < from.length; part++) {
      int at = from[part];
      for (; at >= 0 && at + PromptPrefix.BLOCK_BYTES <= to[part]; at += PromptPrefix.BLOCK_BYTES) {
        chain = StableHash.of(chain, bytes, at, at + PromptPrefix.BLOCK_BYTES);
        hashes[blocks++] = chain;
      }
      chain = at < 0 ? chain : StableHash.of(chain, bytes, at, to[part]);
    }
    return blocks == 0 ? PromptPrefix.NONE : new PromptPrefix(Arrays.copyOf(hashes, blocks));
  }

  /** Past white space, and past this as well. */
  private int after(int at, char between) {
    int i = at;
    while (i < end && (isSpace(bytes[i]) || bytes[i] == between)) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(byte b) {
    return b >= 0 && b <= ' ';
  }

  /** The quote that ends a string; the end if there is none. */
  private int stringEnd(int quote) {
    int i = quote + 1;
    while (i < end && bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return Math.min(i, end);
  }

  /** The comma or bracket after a value; the end if it goes further than is looked at. */
  private int valueEnd(int value) {
    int depth = 0;
    int i = value;
    while (i < end) {
      byte here = bytes[i];
      boolean closes = here == '}' || here == ']';
      if (depth == 0 && (closes || here == ',')) {
        return i;
      }
      if (here == '"') {
        i = stringEnd(i);
      } else if (here == '{' || here == '[') {
        depth++;
      } else if (closes) {
        depth--;
      }
      i++;
    }
    return end;
  }

  private static List<byte[]> names(String... names) {
    return Arrays.stream(names).map(each -> each.getBytes(StandardCharsets.US_ASCII)).toList();
  }
}
