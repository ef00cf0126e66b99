package dev.spillway.simulator.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The lines of a file, unpacked if its first bytes say gzip, and where we are in it. */
final class TraceLines implements Closeable {
  private static final int GZIP_MAGIC_LENGTH = 2;
  private static final int MAX_QUOTED = 80;

  private final Path file;
  private final BufferedReader reader;
  private long number;

  private TraceLines(Path file, BufferedReader reader) {
    this.file = file;
    this.reader = reader;
  }

  static TraceLines open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      return new TraceLines(file, new BufferedReader(new InputStreamReader(unpacked(raw), UTF_8)));
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** RFC 1952: a gzip file starts with 1f 8b. */
  private static InputStream unpacked(InputStream raw) throws IOException {
    var peeked = new PushbackInputStream(raw, GZIP_MAGIC_LENGTH);
    byte[] magic = peeked.readNBytes(GZIP_MAGIC_LENGTH);
    peeked.unread(magic);
    boolean gzip =
        magic.length == GZIP_MAGIC_LENGTH && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b;
    return gzip ? new GZIPInputStream(peeked) : peeked;
  }

  /** The next line that is not blank, without its end; empty after the last. */
  Optional<String> next() throws IOException {
    String line;
    do {
      line = reader.readLine();
      number++;
    } while (line != null && line.isBlank());
    return Optional.ofNullable(line);
  }

  TraceFormatException refuse(String found, String expected) {
    String quoted = found.length() <= MAX_QUOTED ? found : found.substring(0, MAX_QUOTED) + "...";
    return new TraceFormatException(file, number, quoted, expected);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
