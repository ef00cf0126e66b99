package dev.spillway.gateway.exchange;

/** Bytes of an event loop into which what was read is copied to be scanned; never kept. */
public final class Scratch {
  private static final int BYTES = 64 << 10;

  private final byte[] bytes = new byte[BYTES];

  byte[] bytes() {
    return bytes;
  }
}
