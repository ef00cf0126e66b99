package dev.spillway.gateway.server;

import java.util.concurrent.ThreadLocalRandom;

/** Makes ids that no other loop, process or hub makes; one loop's own. */
public final class Ids {
  private static final int RADIX = 36;

  private final String prefix =
      Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), RADIX) + "-";
  private long made;

  String nextRequestId() {
    return "req-" + prefix + Long.toString(++made, RADIX);
  }

  String nextDecisionId() {
    return "d-" + prefix + Long.toString(++made, RADIX);
  }
}
