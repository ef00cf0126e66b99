package dev.spillway.app.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenuredHeapTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "63, 0, false",
    "64, 0, true",
    "93, 30, false",
    "94, 30, true",
    "399, 200, false",
    "400, 200, true",
    "10, 30, false"
  })
  void isCollectedUnderLoadWhereThereIsMoreGarbageThanUseAndEnoughOfIt(
      long used, long live, boolean worth) {
    assertThat(TenuredHeap.isWorthCollecting(used * MIB, live * MIB, false)).isEqualTo(worth);
  }

  @ParameterizedTest
  @CsvSource({"15, 0, false", "16, 0, true", "45, 30, false", "46, 30, true", "10, 30, false"})
  void isCollectedInACalmSecondForLess(long used, long live, boolean worth) {
    assertThat(TenuredHeap.isWorthCollecting(used * MIB, live * MIB, true)).isEqualTo(worth);
  }

  @Test
  void givesBackWhatTheSerialCollectorWouldLeave() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Xmn16m",
                "-cp",
                System.getProperty("java.class.path"),
                Garbage.class.getName())
            .redirectErrorStream(true)
            .start();

    String said = new String(program.getInputStream().readAllBytes(), UTF_8);

    assertThat(program.waitFor()).as(said).isZero();
    assertThat(said.strip().split(" "))
        .satisfies(mib -> {
          assertThat(Long.parseLong(mib[0])).isGreaterThan(190);
          assertThat(Long.parseLong(mib[1])).isLessThan(20);
          assertThat(mib[2]).isEqualTo("true");
        });
  }

  /** Makes some that is taken for long-lived, has it looked at, and tells of before and after. */
  static final class Garbage {
    private Garbage() {}

    public static void main(String[] arguments) {
      MemoryPoolMXBean pool = TenuredHeap.pool().orElseThrow();
      long made = 0;
      for (int i = 0; i < 4; i++) {
        made += new byte[50 * MIB].length; // too large for the young generation
      }
      long before = pool.getUsage().getUsed();
      boolean worth = TenuredHeap.look(pool, false);
      long after = pool.getUsage().getUsed();
      System.out.println(before / MIB + " " + after / MIB + " " + worth + " of " + made);
    }
  }
}
