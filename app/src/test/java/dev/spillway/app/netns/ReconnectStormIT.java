package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.control.sites.Enrolment;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.control.sites.SiteKeys;
import dev.spillway.core.model.ProviderId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All agents lose their links in one moment, and want them back in the next. */
class ReconnectStormIT {
  private static final int AGENTS = Integer.getInteger("spillway.faults.agents", 200);
  private static final Duration LINKED_WITHIN = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void linksAllAgentsThatComeAtOnceAndServesOthersMeanwhile() throws Exception {
    try (LinkedProcesses all = LinkedProcesses.start(folder, LinkedProcesses.Wan.PLAIN)) {
      Program swarm =
          all.keep(
              Program.startNicely(
                  all.spaces, "site", folder, SwarmProgram.class, tokens(all).toString()));
      swarm.awaitLine(SwarmProgram.JOINED + AGENTS, 0, Duration.ofMinutes(5));
      swarm.awaitLine(SwarmProgram.LINKED + AGENTS, 0, LINKED_WITHIN);
      Load calm = load(all, Duration.ofSeconds(5));

      all.spaces.reset("hub", "tcp dport " + LinkedProcesses.LINKS);
      swarm.awaitLine(SwarmProgram.LINKED + "0", swarm.lines(), Duration.ofSeconds(20));
      Load storm = Load.start(all.client, List.of("m-home"), 4);
      int lines = swarm.lines();
      all.mend();
      long mended = System.nanoTime();
      long linked =
          swarm.awaitLine(SwarmProgram.LINKED + AGENTS, lines, LINKED_WITHIN).atNanos() - mended;
      storm.stop();
      Table.row(
          AGENTS + " agents reconnecting at once",
          "all linked after %d ms (<= 60000); other requests p99 %.1f ms, calm %.1f ms (+ < 100)"
              .formatted(linked / 1_000_000, storm.nanos(0.99) / 1e6, calm.nanos(0.99) / 1e6));
      assertThat(storm.failed()).isEmpty();
      assertThat(storm.said()).hasSizeGreaterThan(100);
      assertThat(storm.nanos(0.99) - calm.nanos(0.99)).isLessThan(100_000_000);
      until(
          "the hub sees all their links",
          LINKED_WITHIN.minusNanos(System.nanoTime() - mended),
          () -> links(all) == 4L * (AGENTS + 1));
    }
  }

  private static long links(LinkedProcesses all) {
    return all.metrics()
        .lines()
        .filter(line -> line.startsWith("spillway_link_connections{"))
        .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ')))))
        .sum();
  }

  private static Load load(LinkedProcesses all, Duration duration) throws InterruptedException {
    long begin = System.nanoTime();
    Load load = Load.start(all.client, List.of("m-home"), 4);
    until(
        "it ran for a while",
        duration.plusSeconds(5),
        () -> System.nanoTime() - begin > duration.toNanos());
    load.stop();
    assertThat(load.failed()).isEmpty();
    return load;
  }

  /** As many as there are agents; made beside the running hub, as its command makes one. */
  private Path tokens(LinkedProcesses all) throws Exception {
    FileSiteStore store = FileSiteStore.in(all.hubFolder.resolve("links"));
    Enrolment enrolment =
        new Enrolment(
            store,
            SiteKeys.of(store, null, Instant.now()),
            Enrolment.Terms.DEFAULT,
            Clock.systemUTC());
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      tokens.add(enrolment.token(SwarmProgram.SITE, new ProviderId("oracle"), List.of()).reveal());
    }
    return Files.write(folder.resolve("tokens"), tokens);
  }
}
