package dev.spillway.testkit.faulty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came over the wire, read by hand.
 *
 * @param head request line and headers, one a line
 * @param body without its framing
 * @param arrivedNanos when its last byte was here
 */
record IncomingRequest(String head, String body, long arrivedNanos) {
  /** Reads one; null if the peer closes instead. */
  static @Nullable IncomingRequest read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(in); line != null; line = line(in)) {
      if (line.isEmpty()) {
        byte[] body = body(head.toString(), in);
        return new IncomingRequest(head.toString(), new String(body, UTF_8), System.nanoTime());
      }
      head.append(line).append('\n');
    }
    return null;
  }

  private static byte[] body(String head, InputStream in) throws IOException {
    if (header(head, "transfer-encoding").equals("chunked")) {
      return chunks(in);
    }
    String length = header(head, "content-length");
    return exactly(in, length.isEmpty() ? 0 : Integer.parseInt(length));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      if (size == null) {
        throw new EOFException("the peer closed between chunks");
      }
      int bytes = Integer.parseInt(size, 16);
      body.writeBytes(exactly(in, bytes));
      line(in);
      if (bytes == 0) {
        return body.toByteArray();
      }
    }
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the peer closed in a body");
    }
    return bytes;
  }

  private static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
