package dev.spillway.app.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The threads of this process as Linux knows them, which Java does not tell of. */
final class KernelThreads {
  private static final Path ALL = Path.of("/proc/self/task");

  private KernelThreads() {}

  /** Whether there is such a list: elsewhere than on Linux there is none. */
  static boolean areKnown() {
    return Files.isDirectory(ALL);
  }

  /**
   * The numbers of those whose names will do.
   *
   * @param name is given the first 15 characters of each, which is all that the kernel keeps
   */
  static List<Integer> named(Predicate<String> name) throws IOException {
    try (Stream<Path> threads = Files.list(ALL)) {
      return threads.filter(each -> name.test(name(each))).map(KernelThreads::number).toList();
    }
  }

  private static int number(Path thread) {
    return Integer.parseInt(Objects.requireNonNull(thread.getFileName()).toString());
  }

  /** Empty for one that ended meanwhile. */
  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException _) {
      return "";
    }
  }
}
