package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Fault;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hub under mixed load, with providers that fail in every way and clients that leave: afterwards
 * it holds nothing, and its heap is what it was.
 *
 * <p>{@code spillway.soak.seconds} says how long (default 30), {@code spillway.soak.clients} how
 * many clients (default 16).
 */
class SoakIT {
  private static final System.Logger LOG = System.getLogger(SoakIT.class.getName());
  private static final long SECONDS = Long.getLong("spillway.soak.seconds", 30);
  private static final int CLIENTS = Integer.getInteger("spillway.soak.clients", 16);
  private static final int LOOPS = 2;
  private static final int MEMORY = 4 << 20;
  private static final long MOST_GROWTH_BYTES = 8L << 20;

  /** Of the answers that clients waited for, in a hundred. */
  private static final double LEAST_WHOLE = 95;

  @RegisterExtension final Providers providers = new Providers(3);

  @Test
  void holdsNothingAfterFaultsAndClientsThatLeft() throws Exception {
    TestHub hub = providers.hub(3, plan -> plan.speaking("vllm", "vllm", "vllm").with(config()));
    providers.home().willForget(new SoakFaults(1, 20));
    providers.partner().willForget(new SoakFaults(2, 5));
    providers.get(2).willForget(() -> Fault.NONE);
    SoakClient.Tally tally = new SoakClient.Tally();

    long[] heaps = load(hub, tally);
    String told = "%s; heap %d KiB, then %d KiB".formatted(tally, heaps[0] >> 10, heaps[1] >> 10);
    LOG.log(Level.INFO, "soak of {0} s: {1}", SECONDS, told);

    Until.holds("nothing waits", () -> hub.waiting() == 0);
    Until.holds("nothing is in flight", () -> hub.inFlight() == 0);
    takesABodyAsLargeAsAllItsMemory(hub);
    for (int i = 0; i < 3; i++) {
      assertThat(providers.get(i).isLeftAlone()).as("no connection is kept for ever").isTrue();
    }
    assertThat(tally.whole()).as(told).isGreaterThan((int) (10 * SECONDS));
    assertThat(100.0 * tally.whole() / tally.waitedFor()).as(told).isGreaterThan(LEAST_WHOLE);
    assertThat(heaps[1] - heaps[0]).as(told).isLessThan(MOST_GROWTH_BYTES);
  }

  /** The heap after a third of the time, when all is warm, and at the end. */
  private long[] load(TestHub hub, SoakClient.Tally tally) throws Exception {
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(SECONDS);
    long warm = begin + TimeUnit.SECONDS.toNanos(SECONDS) / 3;
    long heapWhenWarm = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(new SoakClient(hub, i, end, tally)));
      }
      for (Future<?> each : clients) {
        while (!each.isDone()) {
          Still.forAMoment();
          hub.forgetEnded();
          if (heapWhenWarm == 0 && System.nanoTime() - warm > 0) {
            heapWhenWarm = heapAfterCollection();
          }
        }
        each.get();
      }
    }
    Until.holds("nothing is in flight", () -> hub.inFlight() == 0);
    hub.forgetEnded();
    return new long[] {heapWhenWarm, heapAfterCollection()};
  }

  /** It would be refused if a byte of the memory for bodies were lost. */
  private void takesABodyAsLargeAsAllItsMemory(TestHub hub) throws Exception {
    Way way = Way.whole().findFirst().orElseThrow();
    String body = way.body();
    String padded = body + " ".repeat(MEMORY - body.length());

    Told.wholeAnswer(providers.ask(way, hub, padded), body);
  }

  private static long heapAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static GatewayConfig config() {
    GatewayConfig usual = GatewayConfig.on("127.0.0.1", 0);
    return new GatewayConfig(
        usual.host(),
        usual.port(),
        LOOPS,
        usual.transport(),
        MEMORY,
        MEMORY,
        MEMORY,
        usual.maxHeaderBytes(),
        usual.maxConnections(),
        usual.requestWithin(),
        Duration.ofSeconds(75),
        usual.names(),
        usual.corsOrigins(),
        null);
  }
}
