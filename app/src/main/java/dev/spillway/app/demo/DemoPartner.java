package dev.spillway.app.demo;

import dev.spillway.app.hub.Agents;
import dev.spillway.app.hub.Hub;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.routing.Presence;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the partner's site comes to the hub: a token of the hub, an agent that joins with it, and a
 * folder of both that lives as long as the story.
 *
 * <p>Nothing of it outlives this process if it is told to end, in whatever way; if it is killed,
 * the agent ends, and the folder stays.
 */
final class DemoPartner implements AutoCloseable {
  static final SiteId SITE = new SiteId("oci-chicago");

  private static final Logger LOG = System.getLogger(DemoPartner.class.getName());
  private static final Duration LINK_WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private final Path folder;
  private final Thread atExit = new Thread(this::end, "demo-partner");
  private volatile @Nullable PartnerAgent agent;

  /** Of whom nobody has heard yet. */
  DemoPartner() throws IOException {
    folder = Files.createTempDirectory("spillway-demo");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** The folder that the hub is to keep its authority in. */
  Path linkStore() {
    return folder.resolve("links");
  }

  /**
   * Joins and links; the hub can send requests there when this returns.
   *
   * @param hubFile what the hub's configuration is called
   * @param config the agent's {@code site.yaml}
   * @throws IOException if the agent could not
   */
  PartnerAgent join(Hub hub, Path hubFile, String config) throws IOException, InterruptedException {
    String token = Agents.of(hubFile, hub.inForce().assembly()).token(SITE, List.of());
    Path file = Files.writeString(folder.resolve("site.yaml"), config);
    PartnerAgent started = PartnerAgent.start(file, token);
    agent = started;
    long end = System.nanoTime() + LINK_WITHIN.toNanos();
    while (!isThere(hub)) {
      started.mustRun();
      if (System.nanoTime() - end > 0) {
        throw new IOException(
            "the partner's agent did not link within " + LINK_WITHIN.toSeconds() + " s");
      }
      Thread.sleep(LOOK_EVERY);
    }
    return started;
  }

  /** Ends the agent and deletes the folder; does nothing if that is done. */
  @Override
  public void close() {
    try {
      if (Runtime.getRuntime().removeShutdownHook(atExit)) {
        end();
      }
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "this process ends, and the agent with it", e);
    }
  }

  private static boolean isThere(Hub hub) {
    return hub.deployments().stream()
        .filter(each -> each.deployment().site().id().equals(SITE))
        .allMatch(each -> each.status().presence() == Presence.PRESENT);
  }

  private void end() {
    PartnerAgent running = agent;
    if (running != null) {
      running.close();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "not deleted: " + folder, e);
    }
  }
}
