package dev.spillway.app.netns;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.site.AgentConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.identity.HubDoor;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.relay.Service;
import dev.spillway.wire.link.JoinToken;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Many agents in one process: each with a key, a certificate, links and an event loop of its own,
 * joined with a token of its own. Says all the time how many are linked: under control, and with a
 * connection for requests.
 */
final class SwarmProgram {
  static final SiteId SITE = new SiteId("oci-ashburn");
  static final DeploymentId DEPLOYMENT = new DeploymentId("ashburn");
  static final String JOINED = "joined: ";
  static final String LINKED = "linked: ";
  private static final long SAY_EVERY_MILLIS = 100;

  private SwarmProgram() {}

  /** Runs until it is killed; the argument is a file with a token a line. */
  public static void main(String[] arguments) throws Exception {
    Path tokens = Path.of(arguments[0]);
    URI door = URI.create("https://" + LinkedProcesses.HUB + ":" + LinkedProcesses.LINKS);
    List<SiteAgent> agents = new ArrayList<>();
    for (String each : Files.readAllLines(tokens)) {
      SiteIdentity identity = new HubDoor(door, null).join(JoinToken.parse(each), SITE);
      IdentityFolder folder =
          IdentityFolder.in(tokens.resolveSibling("swarm").resolve("agent-" + agents.size()));
      folder.save(identity);
      agents.add(
          SiteAgent.start(config(), folder, new AtomicReference<>(identity), Clock.systemUTC()));
    }
    System.out.println(JOINED + agents.size());
    while (true) {
      System.out.println(LINKED + agents.stream().filter(SwarmProgram::isLinked).count());
      Thread.sleep(SAY_EVERY_MILLIS);
    }
  }

  private static boolean isLinked(SiteAgent agent) {
    return agent.status().hubs().stream()
        .allMatch(each -> each.control() && each.connections() > 0);
  }

  private static AgentConfig config() {
    AgentConfig.Engine engine =
        new AgentConfig.Engine(
            EngineAddress.of(URI.create("http://127.0.0.1:1")), () -> new EngineReport(0, 0, 0, 1));
    return new AgentConfig(
        List.of(InetSocketAddress.createUnresolved(LinkedProcesses.HUB, LinkedProcesses.LINKS)),
        null,
        Map.of(DEPLOYMENT, new AgentConfig.Deployment(List.of(engine), 1_000)),
        new Service.Limits(100, 1 << 20),
        1);
  }
}
