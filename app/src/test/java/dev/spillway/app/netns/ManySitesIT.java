package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.core.model.SiteId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty sites, each with an agent and a deployment of its own, that lose the hub together. */
class ManySitesIT {
  private static final int SITES = 20;
  private static final String LONGEST = "spillway.faults.longest-cut";
  private static final int LONGEST_CUT = Integer.getInteger(LONGEST, 10);
  private static final Duration BACK_AFTER_SHORT = Duration.ofSeconds(5);
  private static final Duration BACK_AFTER_LONG = Duration.ofSeconds(35);
  private static final long ASK_EVERY_NANOS = 100_000_000;
  private static final List<String> MODELS =
      IntStream.range(0, SITES).mapToObj(i -> Configs.model(Configs.site(i))).toList();

  @TempDir static Path folder;
  static LinkedProcesses all;

  @BeforeAll
  static void start() throws Exception {
    all = LinkedProcesses.start(folder, LinkedProcesses.Wan.PLAIN, SITES);
    Path swarm = folder.resolve("swarm");
    Papers papers = Papers.of(all.hubFolder.resolve("links"), Duration.ZERO);
    for (int i = 0; i < SITES; i++) {
      SiteId site = Configs.site(i);
      papers.join(site, swarm.resolve(site.value()));
    }
    all.program("site", folder, SwarmProgram.class, swarm.toString());
    allServe(Duration.ofSeconds(60));
  }

  @AfterAll
  static void stop() {
    if (all != null) {
      all.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 30, 600})
  void isServedByEverySiteSoonAfterAllWereCut(int seconds) throws Exception {
    assumeTrue(
        seconds <= LONGEST_CUT,
        () -> "a cut of " + seconds + " s is for a long run: -D" + LONGEST + "=" + seconds);
    Duration bound = seconds < 15 ? BACK_AFTER_SHORT : BACK_AFTER_LONG;
    Load load = Load.start(all.client, List.of("m-home"), 1);

    all.cut();
    long begin = System.nanoTime();
    for (String each : MODELS) {
      until(
          each + " is gone",
          Duration.ofSeconds(10),
          () -> all.client.whole(each, "hi").status() == 503);
    }
    LockSupport.parkNanos(begin + seconds * 1_000_000_000L - System.nanoTime());
    all.mend();
    List<Long> backMillis = allServe(bound);

    load.stop();
    Table.row(
        SITES + " sites cut at once for " + seconds + " s",
        "back after %d ms (the first), %d ms (half of them), %d ms (the last; <= %d)"
            .formatted(
                backMillis.getFirst(),
                backMillis.get(SITES / 2),
                backMillis.getLast(),
                bound.toMillis()));
    assertThat(load.failed()).isEmpty();
  }

  /** How long each took to serve, in order. */
  private static List<Long> allServe(Duration within) throws Exception {
    List<FutureTask<Long>> waiting = new ArrayList<>();
    for (String each : MODELS) {
      FutureTask<Long> task = new FutureTask<>(() -> serves(each, within));
      Thread.ofVirtual().name(each).start(task);
      waiting.add(task);
    }
    List<Long> millis = new ArrayList<>();
    for (FutureTask<Long> each : waiting) {
      millis.add(each.get());
    }
    return millis.stream().sorted().toList();
  }

  private static long serves(String model, Duration within) {
    return until(
            model + " is served",
            within,
            () -> {
              boolean served = all.client.whole(model, "hi").whole();
              if (!served) {
                LockSupport.parkNanos(ASK_EVERY_NANOS);
              }
              return served;
            })
        .toMillis();
  }
}
