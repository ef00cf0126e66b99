package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP message as it came over the wire, read by hand: the reader under test must not be the one
 * that judges it.
 *
 * @param head start line and headers, as they came
 * @param body without its framing
 * @param whole whether the framing said that this is the end
 */
record ReceivedMessage(String head, String body, boolean whole) {
  /** The status of an answer. */
  int status() {
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  /** A header's value; empty if it is not there. */
  String header(String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Reads one; null if the other side closed before it began. */
  static @Nullable ReceivedMessage read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (String line = line(in); ; line = line(in)) {
      if (line == null) {
        return head.size() == 0 ? null : new ReceivedMessage(head.toString(ISO_8859_1), "", false);
      }
      if (line.isEmpty()) {
        return body(head.toString(ISO_8859_1), in);
      }
      head.writeBytes((line + "\n").getBytes(ISO_8859_1));
    }
  }

  private static ReceivedMessage body(String head, InputStream in) throws IOException {
    ReceivedMessage message = new ReceivedMessage(head, "", true);
    if (message.header("transfer-encoding").equals("chunked")) {
      return chunked(head, in);
    }
    String length = message.header("content-length");
    int expected = length.isEmpty() ? 0 : Integer.parseInt(length);
    byte[] bytes = in.readNBytes(expected);
    return new ReceivedMessage(head, new String(bytes, UTF_8), bytes.length == expected);
  }

  private static ReceivedMessage chunked(String head, InputStream in) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole = false;
    try {
      for (String size = line(in); size != null && !whole; ) {
        int bytes = Integer.parseInt(size, 16);
        body.writeBytes(in.readNBytes(bytes));
        whole = "".equals(line(in)) && bytes == 0;
        size = whole ? null : line(in);
      }
    } catch (IOException _) {
      // Broken off: not whole.
    }
    return new ReceivedMessage(head, body.toString(UTF_8), whole);
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
