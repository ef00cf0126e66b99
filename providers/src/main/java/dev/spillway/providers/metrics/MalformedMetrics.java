package dev.spillway.providers.metrics;

import java.io.Serial;

/** A page is not in the Prometheus text format; the message says which line and what is wrong. */
public final class MalformedMetrics extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedMetrics(int line, String what) {
    super("line " + line + ": " + what);
  }
}
