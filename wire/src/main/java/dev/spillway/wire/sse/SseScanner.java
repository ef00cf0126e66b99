package dev.spillway.wire.sse;

/**
 * Cuts a stream of bytes into server-sent events.
 *
 * <p>Not thread-safe: one stream, one scanner.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod", "FieldCanBeFinal"}) // being written
public final class SseScanner {
  private final int maxEventBytes;

  /**
   * For one stream.
   *
   * @param maxEventBytes the longest event that is taken, at least 1,024
   */
  public SseScanner(int maxEventBytes) {
    if (maxEventBytes < 1024) {
      throw new IllegalArgumentException(
          "maxEventBytes: " + maxEventBytes + " (expected: >= 1024)");
    }
    this.maxEventBytes = maxEventBytes;
  }

  /** What became of the bytes. */
  public enum Fed {
    /** All events that were whole were told; the rest waits for more. */
    ALL,
    /** An event is longer than is taken: the stream is broken, nothing more may be fed. */
    EVENT_TOO_LONG
  }

  /**
   * Reads on, and tells each event that became whole.
   *
   * <p>The array is borrowed until this returns. Bytes of an event that is not whole yet are
   * copied: the relay may send on exactly the events it was told.
   */
  public Fed feed(byte[] bytes, int offset, int length, SseSink sink) {
    throw new UnsupportedOperationException("" + maxEventBytes);
  }

  /**
   * The stream has ended: an event that lacks its empty line is told now if it is {@code [DONE]},
   * and dropped otherwise, as the standard says.
   */
  public void end(SseSink sink) {
    throw new UnsupportedOperationException();
  }

  /** Bytes of an event that is not whole yet; above 0 at the end of a stream, it was cut. */
  public int pendingBytes() {
    return 0;
  }
}
