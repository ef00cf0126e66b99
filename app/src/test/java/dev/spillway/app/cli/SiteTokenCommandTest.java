package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTokenCommandTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeConfiguration() throws IOException {
    file =
        Files.writeString(
            folder.resolve("spillway.yaml"),
            """
            platform: azure-ai
            listen: {links: "127.0.0.1:0"}
            sites:
              azure-eastus2: {provider: microsoft, role: home, geography: us}
              oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
            deployments:
              chat-home:
                {site: azure-eastus2, model: gpt-4o, dialect: vllm, url: "http://127.0.0.1:1",
                 capacity: {kind: self-hosted, replicas: 1}}
              chat-far:
                {site: oci-chicago, model: gpt-4o, dialect: vllm, link: site-agent,
                 capacity: {kind: self-hosted, replicas: 1}}
            tenants:
              team-a: {keys: [{env: TEAM_A_KEY}]}
            """);
  }

  @Test
  void printsATokenAndNothingElse() {
    var ran = token("oci-chicago");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).matches("spillway-join-[A-Za-z0-9_-]+\n");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void refusesASiteWhoseAgentWouldServeNothing() throws IOException {
    var ran = token("azure-eastus2");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("site: azure-eastus2 has no deployment with link: site-agent (expected: ");
    try (var tokens = Files.list(folder.resolve("links").resolve("tokens"))) {
      assertThat(tokens).isEmpty();
    }
  }

  @Test
  void refusesASiteThatTheConfigurationDoesNotHave() {
    var ran = token("oci-chicag");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("site: oci-chicag (expected: one of [azure-eastus2, oci-chicago])");
  }

  private Commands.Ran token(String site) {
    return Commands.run("site", "token", "--config", file.toString(), "--site", site);
  }
}
