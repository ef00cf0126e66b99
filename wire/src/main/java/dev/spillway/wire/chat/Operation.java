package dev.spillway.wire.chat;

/** What a request wants done; each has its own path. */
public enum Operation {
  /** A chat answer, streamed or whole. */
  CHAT_COMPLETIONS("chat/completions"),
  /** Vectors for texts. */
  EMBEDDINGS("embeddings");

  private final String path;

  Operation(String path) {
    this.path = path;
  }

  /** The end of its path, the same at every provider; without a slash at either end. */
  public String path() {
    return path;
  }
}
