package dev.spillway.app.netns;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.site.AgentConfig;
import dev.spillway.site.AgentThreads;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.relay.Service;
import dev.spillway.wire.link.HubAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Many agents in one process: each with a key, a certificate and links of its own, let in with a
 * token of its own, of the site of its papers, whose one deployment has the site's name. They share
 * threads: one each would be a thousand of this machine's, where they stand for a thousand
 * machines. Says all the time how many are linked: under control, and with a connection for
 * requests.
 */
final class SwarmProgram {
  static final SiteId SITE = new SiteId("oci-ashburn");
  static final String STARTED = "started: ";
  static final String LINKED = "linked: ";
  private static final long SAY_EVERY_MILLIS = 200;

  private SwarmProgram() {}

  /** Runs until it is killed; the argument is a folder with the folder of each agent in it. */
  public static void main(String[] arguments) throws Exception {
    List<SiteAgent> agents = new ArrayList<>();
    AgentThreads threads = AgentThreads.of(0);
    for (Path each : folders(Path.of(arguments[0]))) {
      IdentityFolder folder = IdentityFolder.in(each);
      SiteIdentity identity = folder.load().orElseThrow();
      agents.add(
          SiteAgent.start(
              config(identity.site()), folder, new AtomicReference<>(identity), threads));
    }
    System.out.println(STARTED + agents.size());
    while (true) {
      System.out.println(LINKED + agents.stream().filter(SwarmProgram::isLinked).count());
      Thread.sleep(SAY_EVERY_MILLIS);
    }
  }

  private static List<Path> folders(Path in) throws IOException {
    try (Stream<Path> all = Files.list(in)) {
      return all.sorted().toList();
    }
  }

  private static boolean isLinked(SiteAgent agent) {
    return agent.status().hubs().stream()
        .allMatch(each -> each.control() && each.connections() > 0);
  }

  private static AgentConfig config(SiteId site) {
    AgentConfig.Engine engine =
        new AgentConfig.Engine(
            EngineAddress.of(URI.create(Configs.ENGINE)), () -> new EngineReport(0, 0, 0, 1), null);
    return new AgentConfig(
        List.of(new HubAddress(LinkedProcesses.HUB, LinkedProcesses.LINKS)),
        null,
        Map.of(new DeploymentId(site.value()), new AgentConfig.Deployment(List.of(engine), 1_000)),
        new Service.Limits(100, 1 << 20),
        1);
  }
}
