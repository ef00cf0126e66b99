package dev.spillway.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script that starts Spillway where it lies among its sources, with a Maven that makes one jar,
 * or none, and a JVM that only says what it was started with.
 */
class LauncherBuildTest {
  private static final String MAVEN =
      """
      #!/bin/sh
      lib=app/target/lib
      for each in "$@"; do
        case "$each" in -Dspillway.lib=*) lib=${each#*=} ;; esac
      done
      echo "$JAVA_HOME" > home
      mkdir -p "$lib"
      touch "$lib/new.jar"
      echo "[INFO] BUILD $(cat outcome)"
      """;

  @TempDir private Path temporary;
  private Path folder;
  private Path target;
  private Path lib;

  @BeforeEach
  void checkedOut() throws IOException {
    folder = Files.createDirectory(temporary.resolve("my sources"));
    target = folder.resolve("app/target");
    lib = target.resolve("lib");
    Files.copy(Path.of("..", "spillway"), folder.resolve("spillway"));
    Files.createDirectories(lib);
    Files.createFile(lib.resolve("old.jar"));
    program("bin/mvn", MAVEN);
    program("jdk/bin/java", "#!/bin/sh\nfor each in \"$@\"; do echo \"$each\"; done\n");
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  @Test
  void leavesNoJarOfAnOlderBuildOnTheClassPath() throws Exception {
    assertThat(started("SUCCESS")).contains("-cp\n" + lib + "/*\n");

    assertThat(filesIn(lib)).containsExactly(".built", "new.jar");
    assertThat(filesIn(target)).containsExactly("build.log", "lib", "rehearsal.log");
  }

  @Test
  void keepsTheOldBuildWhereTheNewOneFails() throws Exception {
    assertThat(started("FAILURE")).contains("the build failed");

    assertThat(filesIn(lib)).containsExactly("old.jar");
    assertThat(filesIn(target)).containsExactly("build.log", "lib");
  }

  /** The toolchain of the build would not take it. */
  @Test
  void buildsWithNoJvmThatTheBuildDoesNotTake() throws Exception {
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"26\"\n");

    started("FAILURE");

    Path home = folder.resolve("home");
    assertThat(Files.exists(home) ? Files.readString(home).strip() : "no build")
        .isNotEqualTo(folder.resolve("jdk").toString());
  }

  private void program(String name, String text) throws IOException {
    Path program = folder.resolve(name);
    Files.createDirectories(program.getParent());
    Files.writeString(program, text);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private String started(String outcome) throws IOException {
    Files.writeString(folder.resolve("outcome"), outcome);
    ProcessBuilder launcher = new ProcessBuilder("sh", folder.resolve("spillway").toString());
    var environment = launcher.environment();
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    Process started = launcher.redirectErrorStream(true).start();
    try (var output = started.inputReader(UTF_8)) {
      return String.join("\n", output.lines().toList()) + "\n";
    }
  }

  private static List<String> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
