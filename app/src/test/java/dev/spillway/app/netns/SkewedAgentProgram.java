package dev.spillway.app.netns;

import dev.spillway.app.agent.AgentProgram;
import dev.spillway.app.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** An agent on a machine whose clock is wrong. */
final class SkewedAgentProgram {
  private SkewedAgentProgram() {}

  /**
   * Runs until it is killed; the arguments are its file, in the folder it is run in, and by how
   * much it is wrong.
   */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]).toAbsolutePath();
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.parse(arguments[1]));
    try (AgentProgram agent =
        AgentProgram.start(
            ConfigFile.readSite(arguments[0], Files.readAllBytes(file)).value(),
            Path.of("").toAbsolutePath(),
            wrong)) {
      System.out.println("its page is at port " + agent.statusPort());
      new CountDownLatch(1).await();
    }
  }
}
