package dev.spillway.app.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CompilerThreadsTest {
  /** Which word of proc(5)'s stat it is, from 1; the second, a name, may have spaces. */
  private static final int NICENESS = 19;

  @Test
  void giveWayToThoseThatServe() throws Exception {
    assertThat(CompilerThreads.ids()).isNotEmpty();
    int first = Math.toIntExact(ProcessHandle.current().pid());
    int before = niceness(first);

    CompilerThreads.giveWay();

    for (int thread : CompilerThreads.ids()) {
      assertThat(niceness(thread)).isEqualTo(CompilerThreads.GIVING_WAY);
    }
    assertThat(niceness(first)).as("the first thread, as it was").isEqualTo(before);
  }

  private static int niceness(int thread) throws Exception {
    String stat = Files.readString(Path.of("/proc/self/task/" + thread + "/stat"));
    String fromThird = stat.substring(stat.lastIndexOf(')') + 2);
    return new Scanner(fromThird)
        .tokens()
        .skip(NICENESS - 3)
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }
}
