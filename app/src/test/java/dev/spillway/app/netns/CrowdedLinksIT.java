package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one request does to others on the same links, however large or slow it is. */
class CrowdedLinksIT {
  private static final int SLOW_READERS = Integer.getInteger("spillway.faults.slow-readers", 4_000);

  /** What else this machine does adds to a delay, and never takes from it: the best one counts. */
  private static final int TRIES = 3;

  private static final int LARGE = 64 << 20;
  private static final int SMALL_BUFFER = 4 << 10;
  private static final int TOGETHER = 200;

  /**
   * What the kernel may hold for each who does not read, on the whole way from engine to client:
   * above {@code net.ipv4.tcp_mem} it drops what comes in for anybody.
   */
  private static final long KERNEL_BYTES_EACH = 512 << 10;

  /** As the hub's configuration says where it says nothing. */
  private static final double CONTINUATION_BYTES = 64 << 20;

  /** Two in a row are said within so many seconds, and none was missed. */
  private static final double BEAT_WITHIN_SECONDS = 2;

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

  @Test
  void missesNoHeartbeatBesideALargeBodyOnANarrowWay() {
    all.spaces.drop("site", "iifname \"hub\" limit rate over 16 mbytes/second burst 256 kbytes");

    try (Pulse pulse = new Pulse()) {
      Asking.Said said = all.client.whole("m-far", "a".repeat(LARGE));

      assertThat(said.status()).as(said.body()).isEqualTo(200);
      Table.row(
          "64 MiB request body at 128 Mbit/s",
          "took %d ms; oldest heartbeat %.0f ms (< 2000)"
              .formatted(said.nanos() / 1_000_000, pulse.oldestSeconds() * 1_000));
      assertThat(pulse.oldestSeconds()).isBetween(0.0, BEAT_WITHIN_SECONDS);
    } finally {
      all.mend();
    }
  }

  @Test
  void delaysNobodyWhoReadsBesideThousandsWhoDoNot() throws Exception {
    fast(); // the first are slow for other reasons
    Delays alone = fast();
    long kernel = Memory.ofConnections();

    try (Pulse pulse = new Pulse();
        Slow slow = new Slow(SLOW_READERS)) {
      until("all are there", Duration.ofMinutes(3), () -> requests() >= SLOW_READERS);
      until("nothing moves any more", Duration.ofSeconds(60), CrowdedLinksIT::isStill);

      Delays beside = fast();
      for (int i = 1; i < TRIES && beside.millis(0.99) > alone.millis(0.99) + 100; i++) {
        beside = fast();
      }

      Table.row(
          SLOW_READERS + " slow readers beside 20 fast ones",
          ("delay p50 %.1f ms, p99 %.1f ms; alone %.1f ms, %.1f ms (+ <= 100); oldest heartbeat"
                  + " %.0f ms (< 2000)")
              .formatted(
                  beside.millis(0.5),
                  beside.millis(0.99),
                  alone.millis(0.5),
                  alone.millis(0.99),
                  pulse.oldestSeconds() * 1_000));
      long each = (Memory.ofConnections() - kernel) / SLOW_READERS;
      double kept = all.most("spillway_continuation_memory_bytes");
      Table.row(
          SLOW_READERS + " slow readers hold",
          "%d KiB each in the kernel (< 512); hub %d MiB, of it %.0f of text (<= 64); agent %d MiB"
              .formatted(
                  each >> 10,
                  Memory.of(all.hub()) >> 20,
                  kept / (1 << 20),
                  Memory.of(all.agent()) >> 20));
      assertThat(each).isLessThan(KERNEL_BYTES_EACH);
      assertThat(kept).isBetween(1.0, CONTINUATION_BYTES);
      assertThat(beside.millis(0.99)).isLessThanOrEqualTo(alone.millis(0.99) + 100);
      assertThat(pulse.oldestSeconds()).isBetween(0.0, BEAT_WITHIN_SECONDS);
      assertThat(slow.closed()).isZero();
    }
    until("all are gone", Duration.ofSeconds(30), () -> requests() == 0);
  }

  /** Twenty streams of three seconds. */
  private static Delays fast() {
    List<Asking.Stream> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(all.client.stream("m-far", "stamp 90"));
    }
    return Delays.of(streams, 90);
  }

  /** Requests that the agent has, by its page; below 0 if it does not answer. */
  private static int requests() {
    Matcher found = Pattern.compile("(?m)^state .*?(\\d+) requests").matcher(all.status());
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  /** Whether hardly anything comes over the wire for a while. */
  private static boolean isStill() {
    long before = received();
    LockSupport.parkNanos(500_000_000);
    return received() - before < (1 << 20);
  }

  private static long received() {
    String bytes = all.spaces.output("hub", "cat", "/sys/class/net/site/statistics/rx_bytes");
    return Long.parseLong(bytes.strip());
  }

  /** Looks at the age of the last heartbeat all the time. */
  private static final class Pulse implements AutoCloseable {
    private final DoubleAccumulator oldest = new DoubleAccumulator(Math::max, -1);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread = Thread.ofVirtual().name("pulse").start(this::look);

    double oldestSeconds() {
      return oldest.get();
    }

    @Override
    public void close() {
      stopped.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void look() {
      while (!stopped.get()) {
        oldest.accumulate(all.most("spillway_link_heartbeat_age_seconds"));
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  /** Clients who ask for more than anybody can hold, and read none of it. */
  private static final class Slow implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    Slow(int count) throws IOException {
      String json =
          """
          {"model":"m-far","stream":true,"messages":[{"role":"user","content":"flood"}]}\
          """;
      String request =
          """
          POST /v1/chat/completions HTTP/1.1\r
          host: hub\r
          authorization: Bearer %s\r
          content-type: application/json\r
          content-length: %d\r
          \r
          %s\
          """
              .formatted(Asking.KEY, json.length(), json);
      for (int i = 0; i < count; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.connect(all.hubAddress());
        socket.getOutputStream().write(request.getBytes(UTF_8));
        int known = sockets.size();
        if (known % TOGETHER == 0) { // what is looked at is that they are there, not that they come
          until("they are there", Duration.ofSeconds(60), () -> requests() >= known);
        }
      }
    }

    /** How many have got an end that they did not ask for. */
    long closed() throws IOException {
      long closed = 0;
      for (Socket each : sockets) {
        closed += each.getInputStream().available() == 0 ? 1 : 0;
      }
      return closed;
    }

    @Override
    public void close() throws IOException {
      for (Socket each : sockets) {
        each.close();
      }
    }
  }
}
