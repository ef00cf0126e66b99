package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.cli.CommandLines;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.simulator.live.LiveEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Where an agent joins, by {@code spillway site join --hub}. */
class JoinAtHubIT {
  @TempDir Path folder;
  private final StringWriter said = new StringWriter();
  private LiveEngine engine;
  private LinkedHub linked;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    engine = LinkedHub.engine();
    linked =
        new LinkedHub(
            folder,
            """
            platform: azure-ai
            listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
            sites:
              oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
            deployments:
              chat-far:
                {site: oci-chicago, model: gpt-4o, dialect: vllm, link: site-agent,
                 capacity: {kind: self-hosted, replicas: 1}}
            tenants:
              team-a: {keys: [{sha256: %s}]}
            """
                .formatted(KeyDirectory.sha256("sk-test")));
    file = folder.resolve("site.yaml");
  }

  @AfterEach
  void stop() {
    linked.close();
    engine.close();
  }

  @Test
  void linksWhereItJoinedIfTheFileNamesNoHub() throws Exception {
    write("");

    assertThat(join("https://127.0.0.1:" + linked.hub().linkPort())).isZero();
    linked.start(linked.read(Files.readString(file)));

    until("an answer came over the link", () -> linked.served("gpt-4o") == 200);
  }

  @Test
  void joinsAtOneOfTheHubsOfTheFileAndAtNoOther() throws Exception {
    write("hubs: [\"127.0.0.1:1\", \"127.0.0.1:" + linked.hub().linkPort() + "\"]");

    assertThat(join("127.0.0.1:2")).isEqualTo(1);
    assertThat(said.toString())
        .startsWith("spillway: not joined: at [127.0.0.1:2], but hubs in site.yaml names ");
    assertThat(join("127.0.0.1:" + linked.hub().linkPort())).isZero();
  }

  @Test
  void saysThatNoHubIsNamedAtAll() throws Exception {
    write("");

    assertThat(run("--token", linked.token())).isEqualTo(1);

    assertThat(said.toString()).contains("not joined: hubs: none (expected: ");
  }

  @Test
  void refusesWhatIsNoAddressOfAHub() throws Exception {
    write("");

    for (String each : new String[] {"http://hub:1", "https://hub/path", "hub", "https://:1", ""}) {
      assertThat(join(each)).as(each).isEqualTo(2);
      assertThat(said.toString()).as(each).contains("'--hub'", "(expected: such as https://");
    }
  }

  private void write(String hubs) throws Exception {
    Files.writeString(
        file,
        """
        site: oci-chicago
        status: 127.0.0.1:0
        deployments:
          chat-far: {engines: [{url: "http://127.0.0.1:%d"}]}
        %s
        """
            .formatted(engine.port(), hubs));
  }

  private int join(String hub) throws Exception {
    return run("--hub", hub, "--token", linked.token());
  }

  private int run(String... options) {
    said.getBuffer().setLength(0);
    String[] all = new String[options.length + 4];
    all[0] = "site";
    all[1] = "join";
    all[2] = "--config";
    all[3] = file.toString();
    System.arraycopy(options, 0, all, 4, options.length);
    CommandLine spillway = CommandLines.spillway().setErr(new PrintWriter(said, true));
    return spillway.setOut(new PrintWriter(new StringWriter())).execute(all);
  }
}
