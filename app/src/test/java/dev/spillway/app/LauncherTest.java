package dev.spillway.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts Spillway, with a JVM that only says what it was started with. */
class LauncherTest {
  private static final String HEAP = "-Xms256m";
  private static final String LARGE_PAGES = "-XX:+UseTransparentHugePages";

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void installed() throws IOException {
    folder = Files.createDirectory(temporary.resolve("my apps"));
    Files.copy(Path.of("..", "spillway"), folder.resolve("spillway"));
    Files.createDirectory(folder.resolve("lib"));
    Path java = folder.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    Files.writeString(java, "#!/bin/sh\nfor each in \"$@\"; do echo \"$each\"; done\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void beginsWithAHeapThatIsAlikeEverywhere() throws Exception {
    assertThat(startedWith(Map.of()))
        .contains(HEAP)
        .endsWith("dev.spillway.app.Main", "check", "a b.yaml");
  }

  /** More to begin with than at the most is an error, and the JVM does not start. */
  @ParameterizedTest
  @CsvSource({
    "SPILLWAY_JAVA_OPTS, -Xmx128m",
    "JDK_JAVA_OPTIONS, -Xmx128m",
    "JAVA_TOOL_OPTIONS, -Dany -Xmx128m",
    "JAVA_TOOL_OPTIONS, -XX:MaxHeapSize=128m",
    "JAVA_TOOL_OPTIONS, -XX:MaxRAMPercentage=1",
    "JAVA_TOOL_OPTIONS, '-Dany\n-Xmx128m'",
    "_JAVA_OPTIONS, -Xmx128m",
    "JDK_JAVA_OPTIONS, @/etc/java.opts",
    "SPILLWAY_JAVA_OPTS, -XX:Flags=/etc/java.flags",
  })
  void leavesTheHeapToWhoeverSaysHowLargeItIs(String variable, String options) throws Exception {
    assertThat(startedWith(Map.of(variable, options))).doesNotContain(HEAP);
  }

  @Test
  void handsOnWhatElseTheJvmIsTold() throws Exception {
    assertThat(startedWith(Map.of("SPILLWAY_JAVA_OPTS", "-Done=1 -Dtwo=2")))
        .contains(HEAP, "-Done=1", "-Dtwo=2");
  }

  @Test
  void asksForLargePagesWhereLinuxGivesThem() throws Exception {
    Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    boolean given = Files.isReadable(setting) && !Files.readString(setting).contains("[never]");

    assertThat(startedWith(Map.of()).contains(LARGE_PAGES)).isEqualTo(given);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPILLWAY_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"})
  void leavesLargePagesToWhoeverSpeaksOfThem(String variable) throws Exception {
    assertThat(startedWith(Map.of(variable, "-XX:-UseTransparentHugePages")))
        .doesNotContain(LARGE_PAGES);
    assertThat(startedWith(Map.of(variable, "-XX:+UseLargePages"))).doesNotContain(LARGE_PAGES);
  }

  /** The folder has a space in its name. */
  @Test
  void startsQuickerIfThereIsACache() throws Exception {
    Path cache = Files.createFile(folder.resolve("spillway.aot"));

    assertThat(startedWith(Map.of()))
        .contains("-XX:AOTCache=" + cache)
        .endsWith(
            "-cp", folder.resolve("lib") + "/*", "dev.spillway.app.Main", "check", "a b.yaml");
  }

  private List<String> startedWith(Map<String, String> variables) throws Exception {
    ProcessBuilder launcher =
        new ProcessBuilder("sh", folder.resolve("spillway").toString(), "check", "a b.yaml");
    Map<String, String> environment = launcher.environment();
    List.of("SPILLWAY_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
        .forEach(environment::remove);
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.putAll(variables);
    Process started = launcher.redirectErrorStream(true).start();
    try (var output = started.inputReader(UTF_8)) {
      return output.lines().toList();
    }
  }
}
