package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayCommandTest {
  private static final String TRACE =
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:15:46.6805900,374,44
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-secret\n",
        "sk-secret\r\nx-other: a",
        "sk-\u0000secret",
        "sk-secret\u20ac",
        " "
      })
  void sendsNothingWithAKeyThatNoHeaderCanCarry(String key) throws IOException {
    Path trace = Files.writeString(folder.resolve("trace.csv"), TRACE);
    try (ServerSocket hub = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + hub.getLocalPort() + "/v1";

      var ran =
          Commands.run("replay", "--trace", trace.toString(), "--base-url", url, "--key", key);

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith("--key: ").doesNotContain("secret").hasLineCount(1);
    }
  }
}
