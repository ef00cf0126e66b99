package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.link.JoinToken;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a partner is told whose proxy's password cannot be read. */
class SiteLoginTest {
  private static final String TOKEN =
      JoinToken.of(new byte[JoinToken.SECRET_BYTES], new byte[] {1}).reveal();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeConfiguration() throws Exception {
    file =
        Files.writeString(
            folder.resolve("site.yaml"),
            """
            site: oci-chicago
            hubs: ["127.0.0.1:1"]
            proxy: 127.0.0.1:1
            proxy-login:
              user: agent
              password: {file: proxy-password}
            deployments:
              chat-far: {engines: [{url: "http://127.0.0.1:1"}]}
            """);
  }

  @Test
  void namesFileAndLineWhenItJoins() {
    assertRefused(
        Commands.run("site", "join", "--config", file.toString(), "--token", TOKEN),
        "file " + folder.resolve("proxy-password") + " cannot be read (NoSuchFileException)");
  }

  @Test
  void namesFileAndLineWhenTheAgentJoinsFirst() {
    assertRefused(
        Commands.run("site", "--config", file.toString(), "--token", TOKEN),
        "file " + folder.resolve("proxy-password") + " cannot be read (NoSuchFileException)");
  }

  @Test
  void namesTheLineOfAPasswordThatCannotBeOne() throws Exception {
    Files.writeString(folder.resolve("proxy-password"), "\n");

    Commands.Ran ran = Commands.run("site", "join", "--config", file.toString(), "--token", TOKEN);

    assertThat(ran.err()).startsWith(file + ":6: proxy-login.password: file ");
  }

  private void assertRefused(Commands.Ran ran, String found) {
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).isEqualTo(file + ":6: proxy-login.password: " + found + "\n");
  }
}
