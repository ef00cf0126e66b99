package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.until;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.core.health.BreakerTuning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are lost between hub and site, and a hub that is killed. */
class LinkFaultsIT {
  private static final String LONGEST = "spillway.faults.longest-cut";
  private static final String CONTINUED = "spillway_continuations";
  private static final int LONGEST_CUT = Integer.getInteger(LONGEST, 30);
  private static final Duration BACK = Duration.ofSeconds(5);
  private static final Duration RAMP = BreakerTuning.DEFAULT.ramp();
  private static final int TIMES = Integer.getInteger("spillway.faults.times", 2);

  @TempDir static Path folder;
  static LinkedProcesses all;

  @BeforeAll
  static void start() throws Exception {
    all = LinkedProcesses.start(folder, LinkedProcesses.Wan.PLAIN);
  }

  @AfterAll
  static void stop() {
    if (all != null) {
      all.close();
    }
  }

  @AfterEach
  void mend() {
    all.mend();
    until("all is well", Duration.ofSeconds(60), () -> all.client.whole("m-far", "hi").whole());
  }

  @Test
  void noticesAConnectionWithoutPacketsAndGoesOnWithItsStreams() throws Exception {
    List<Asking.Stream> streams = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      streams.add(all.client.stream("m-both", "say 400 words of story " + i));
    }
    until(
        "all have content",
        Duration.ofSeconds(20),
        () -> streams.stream().allMatch(each -> each.events() > 10));
    int lines = all.hub().lines();
    double continued = all.most(CONTINUED);

    int port = busiest();
    // with addresses: the agent's connections to its engine may have the same port of its own
    all.spaces.drop("hub", "ip saddr " + LinkedProcesses.SITE + " tcp sport " + port);
    all.spaces.drop("site", "ip saddr " + LinkedProcesses.HUB + " tcp dport " + port);
    long dropped = System.nanoTime();
    Load load = Load.start(all.client, List.of("m-both", "m-far"), 4, LinkFaultsIT::account);

    long noticed =
        all.hub().awaitLine("a link is silent", lines, Duration.ofSeconds(10)).atNanos() - dropped;
    for (int i = 0; i < streams.size(); i++) {
      Asking.Said said = streams.get(i).said();
      assertThat(said.whole()).as(said.toString()).isTrue();
      assertThat(said.text())
          .isEqualTo(all.client.whole("m-home", "say 400 words of story " + i).text());
    }
    load.stop();
    assertThat(all.most(CONTINUED)).as("continuations").isGreaterThan(continued);
    Table.row("half-open TCP", "noticed after %d ms (<= 4000)".formatted(noticed / 1_000_000));
    assertThat(noticed).isLessThanOrEqualTo(Duration.ofSeconds(4).toNanos());
    assertThat(load.failed())
        .as(() ->
            load.atFirstFailure()
                + "\nthe hub said:\n"
                + all.hub().text(lines)
                + "\nthe agent said:\n"
                + all.agent().text())
        .isEmpty();
    assertThat(load.said()).hasSizeGreaterThan(20);
  }

  /** What hub and agent think of one another now. */
  private static String account() {
    return all.metrics()
            .lines()
            .filter(each -> each.matches("spillway_(deployment|link)_.*"))
            .collect(joining("\n"))
        + all.status();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 30, 600})
  void servesFromElsewhereWhileAllLinksAreCutAndIsBackSoonAfter(int seconds) throws Exception {
    assumeTrue(
        seconds <= LONGEST_CUT,
        () -> "a cut of " + seconds + " s is for a long run: -D" + LONGEST + "=" + seconds);
    int times = seconds < 15 ? TIMES : Math.max(1, TIMES / 2);
    Duration bound = seconds < 15 ? BACK : Duration.ofSeconds(35);
    Map<String, String> identities = all.identities();
    String instance = instance();
    long pid = all.agent().pid();
    List<Long> backMillis = new ArrayList<>();
    long elsewhere = 0;

    for (int i = 0; i < times; i++) {
      elsewhere = Math.max(elsewhere, cut(Duration.ofSeconds(seconds)));
      all.mend();
      Duration back =
          until("the site serves", bound, () -> all.client.whole("m-far", "hi").whole());
      backMillis.add(back.toMillis());
    }

    Table.row(
        "all links cut for " + seconds + " s",
        "other deployments served within %d ms (<= 4000); back after %s ms (<= %d)"
            .formatted(elsewhere / 1_000_000, backMillis, bound.toMillis()));
    assertThat(elsewhere).isLessThanOrEqualTo(Duration.ofSeconds(4).toNanos());
    assertThat(all.identities()).isEqualTo(identities);
    assertThat(instance()).isEqualTo(instance);
    assertThat(all.agent().pid()).isEqualTo(pid);
    assertThat(all.agent().isAlive()).isTrue();
  }

  /** Nothing that others can serve fails or waits; the longest wait, nanoseconds. */
  private static long cut(Duration duration) throws Exception {
    servesForAWhile();
    Load load = Load.start(all.client, List.of("m-both", "m-home"), 4);
    until("they serve", Duration.ofSeconds(10), () -> load.said().size() > 20);
    all.cut();
    long begin = System.nanoTime();
    until(
        "the site is known to be gone",
        Duration.ofSeconds(8),
        () -> all.client.whole("m-far", "hi").status() == 503);
    waitUntil(begin + duration.toNanos());
    load.stop();
    assertThat(load.failed()).isEmpty();
    return load.nanos(1);
  }

  @Test
  void givesAGrowingShareToASiteThatIsBack() throws Exception {
    assertThat(shareOfTheSite(Duration.ofSeconds(2))).as("before").isGreaterThan(0.9);

    cut(Duration.ofSeconds(8));
    all.mend();
    until("the site serves", BACK, () -> all.client.whole("m-far", "hi").whole());
    long back = System.nanoTime();
    double first = shareOfTheSite(Duration.ofSeconds(3));
    waitUntil(back + RAMP.toNanos() / 2);
    double middle = shareOfTheSite(Duration.ofSeconds(3));
    waitUntil(back + RAMP.toNanos());
    double last = shareOfTheSite(Duration.ofSeconds(3));

    Table.row(
        "a site is back after a cut of 8 s",
        "its share of what others serve too: %.0f %% in the first 3 s, %.0f %% half way, %.0f %%"
            .formatted(first * 100, middle * 100, last * 100));
    assertThat(first).isLessThan(0.4);
    assertThat(middle).isBetween(0.3, 0.95).isGreaterThan(first);
    assertThat(last).isGreaterThan(0.9);
  }

  /** Of requests that both can serve, and the site first. */
  private static double shareOfTheSite(Duration during) throws Exception {
    Load load = Load.start(all.client, List.of("m-both"), 4);
    waitUntil(System.nanoTime() + during.toNanos());
    load.stop();
    assertThat(load.failed()).isEmpty();
    assertThat(load.said()).hasSizeGreaterThan(20);
    long there = load.said().stream().filter(each -> each.site().equals("oci-chicago")).count();
    return (double) there / load.said().size();
  }

  private static void waitUntil(long nanos) {
    while (nanos - System.nanoTime() > 0) {
      LockSupport.parkNanos(nanos - System.nanoTime());
    }
  }

  @Test
  void isBackSoonAfterTheHubWasKilled() throws Exception {
    Map<String, String> identities = all.identities();
    String instance = instance();
    servesForAWhile();
    long died = System.nanoTime();

    all.hub().close();
    all.startHub();
    long listens = all.hub().awaitLine("link to port").atNanos();
    until("the site serves", Duration.ofSeconds(20), () -> all.client.whole("m-far", "hi").whole());

    long back = System.nanoTime() - listens;
    long jitter = Math.max(200_000_000L, (listens - died) / 4);
    Table.row(
        "hub killed and restarted",
        "down %d ms; agent back after %d ms (<= 2000 and %d of jitter)"
            .formatted((listens - died) / 1_000_000, back / 1_000_000, jitter / 1_000_000));
    assertThat(back).isLessThanOrEqualTo(Duration.ofSeconds(2).toNanos() + jitter);
    assertThat(all.identities()).isEqualTo(identities);
    assertThat(instance()).isEqualTo(instance);
  }

  /** So long that what comes next is new trouble to the agent. */
  private static void servesForAWhile() throws Exception {
    long begin = System.nanoTime();
    Load load = Load.start(all.client, List.of("m-far"), 1);
    until(
        "it served for six seconds",
        Duration.ofSeconds(10),
        () -> System.nanoTime() - begin > Duration.ofSeconds(6).toNanos());
    load.stop();
    assertThat(load.failed()).isEmpty();
  }

  /** How the hub calls the running agent. */
  private static String instance() {
    Matcher found =
        Pattern.compile("spillway_link_connections\\{agent=\"(\\w+)\"").matcher(all.metrics());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  /** The port of the connection that brought the most bytes: one for requests. */
  private static int busiest() {
    String sockets =
        all.spaces.output("hub", "ss", "-HOtin", "state", "established", "sport", "=", ":8443");
    record Seen(int port, long bytes) {}
    Pattern socket = Pattern.compile("10\\.77\\.1\\.2\\]?:(\\d+).*bytes_received:(\\d+)");
    List<Seen> seen = new ArrayList<>();
    for (String line : sockets.lines().toList()) {
      Matcher found = socket.matcher(line);
      if (found.find()) {
        seen.add(new Seen(Integer.parseInt(found.group(1)), Long.parseLong(found.group(2))));
      }
    }
    return seen.stream().max(Comparator.comparingLong(Seen::bytes)).orElseThrow().port();
  }
}
