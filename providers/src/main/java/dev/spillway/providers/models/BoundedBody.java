package dev.spillway.providers.models;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Collects a body as it comes, and breaks it off where it becomes too long. */
final class BoundedBody implements Consumer<Optional<byte[]>> {
  private static final int MOST_BYTES = 64 * 1024;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private volatile boolean tooLong;

  @Override
  public void accept(Optional<byte[]> part) {
    byte[] more = part.orElse(new byte[0]);
    if (bytes.size() + more.length > MOST_BYTES) {
      tooLong = true;
      throw new IllegalStateException("a body of more than " + MOST_BYTES + " bytes");
    }
    bytes.writeBytes(more);
  }

  boolean isTooLong() {
    return tooLong;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
