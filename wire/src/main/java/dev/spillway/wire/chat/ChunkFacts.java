package dev.spillway.wire.chat;

/**
 * The facts of one chunk of a streamed chat answer; a reusable reader, so that an ordinary chunk
 * allocates nothing.
 *
 * <p>Valid until the next {@link #read}. Not thread-safe.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod", "FieldCanBeFinal"}) // being written
public final class ChunkFacts {
  private int facts;
  private int finishedChoices;
  private int contentBytes;
  private long inputTokens;
  private long cachedTokens;
  private long outputTokens;

  /** What a chunk can be. */
  public enum Shape {
    /** JSON with {@code choices}, maybe empty. */
    CHUNK,
    /** JSON with an {@code error} that is not null. */
    ERROR,
    /** JSON without {@code choices} or {@code error}. */
    OTHER,
    /** Not one JSON object. */
    MALFORMED
  }

  /** Reads one chunk, which replaces the one before. */
  public Shape read(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  /** Whether it has a choice at all. */
  public boolean hasChoices() {
    return (facts & 1) != 0;
  }

  /** Whether some of the answer came: text, a refusal's text, part of a tool call. */
  public boolean hasContent() {
    return (facts & 2) != 0;
  }

  /** Whether reasoning came: a sign of life, not yet the answer. */
  public boolean hasReasoning() {
    return (facts & 4) != 0;
  }

  /** Whether the provider's count of tokens came. */
  public boolean hasUsage() {
    return (facts & 8) != 0;
  }

  /** How many choices have a {@code finish_reason}, and so are whole. */
  public int finishedChoices() {
    return finishedChoices;
  }

  /** UTF-8 bytes of content and reasoning in it, unescaped; a measure of its tokens. */
  public int contentBytes() {
    return contentBytes;
  }

  /** {@code prompt_tokens}, cached ones included; 0 without usage. */
  public long inputTokens() {
    return inputTokens;
  }

  /** {@code prompt_tokens_details.cached_tokens}; 0 without usage. */
  public long cachedTokens() {
    return cachedTokens;
  }

  /** {@code completion_tokens}, reasoning included; 0 without usage. */
  public long outputTokens() {
    return outputTokens;
  }
}
