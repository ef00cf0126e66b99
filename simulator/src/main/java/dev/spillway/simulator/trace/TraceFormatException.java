package dev.spillway.simulator.trace;

import java.io.IOException;
import java.nio.file.Path;

/** A recorded load that cannot be read as what it seems to be. */
public final class TraceFormatException extends IOException {
  private static final long serialVersionUID = 1;

  TraceFormatException(Path file, long line, String found, String expected) {
    super(file + ":" + line + ": " + found + " (expected: " + expected + ")");
  }
}
