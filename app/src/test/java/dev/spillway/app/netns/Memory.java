package dev.spillway.app.netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory is in use, as Linux counts it. */
final class Memory {
  private static final Pattern TCP_PAGES = Pattern.compile("(?m)^TCP: .* mem (\\d+)$");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
  private static final long PAGE = 4_096;
  private static final long KILO = 1_024;

  private Memory() {}

  /** In the kernel, for all TCP connections of the machine, whosever they are; bytes. */
  static long ofConnections() {
    return PAGE * number(Path.of("/proc/net/sockstat"), TCP_PAGES);
  }

  /** Of one program; bytes. */
  static long of(Program program) {
    return KILO * number(Path.of("/proc/" + program.pid() + "/status"), RESIDENT);
  }

  private static long number(Path file, Pattern pattern) {
    try {
      Matcher found = pattern.matcher(Files.readString(file));
      if (!found.find()) {
        throw new IllegalStateException(file + " has no " + pattern);
      }
      return Long.parseLong(found.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
