package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Fault;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
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
 * <p>The load is open: requests arrive at a rate, whoever else waits. The rate is a share of what
 * the process was found to bear at the start, by clients that ask as soon as they are answered.
 *
 * <p>{@code spillway.soak.seconds} says how long (default 30), {@code spillway.soak.share} how much
 * of that (default 0.6), {@code spillway.soak.clients} how many ask at the start (default 16).
 */
class SoakIT {
  private static final System.Logger LOG = System.getLogger(SoakIT.class.getName());
  private static final long SECONDS = Long.getLong("spillway.soak.seconds", 30);
  private static final double SHARE =
      Double.parseDouble(System.getProperty("spillway.soak.share", "0.6"));
  private static final int CLIENTS = Integer.getInteger("spillway.soak.clients", 16);
  private static final long MOST_CALIBRATION_SECONDS = 60;
  private static final int LOOPS = 2;
  private static final int MEMORY = 4 << 20;
  private static final long MOST_GROWTH_BYTES = 8L << 20;
  private static final int MOST_LOOKS = 5;

  /** Of the answers that clients waited for, in a hundred. */
  private static final double LEAST_WHOLE = 95;

  @RegisterExtension final Providers providers = new Providers(3);

  @Test
  void holdsNothingAfterFaultsAndClientsThatLeft() throws Exception {
    GatewayConfig config = GatewayPlan.usual().loops(LOOPS).bodies(MEMORY, MEMORY).config();
    TestHub hub = providers.hub(3, plan -> plan.speaking("vllm", "vllm", "vllm").with(config));
    providers.home().willForget(new SoakFaults(1, 20));
    providers.partner().willForget(new SoakFaults(2, 5));
    providers.get(2).willForget(() -> Fault.NONE);
    SoakTally tally = new SoakTally();

    List<Long> heaps = load(hub, tally);
    String told = tally + "; heap in KiB " + heaps.stream().map(each -> each >> 10).toList();
    LOG.log(Level.INFO, "soak of {0} s: {1}", SECONDS, told);

    Until.holds("nothing waits", () -> hub.waiting() == 0);
    Until.holds("nothing is in flight", () -> hub.inFlight() == 0);
    takesABodyAsLargeAsAllItsMemory(hub);
    for (int i = 0; i < 3; i++) {
      assertThat(providers.get(i).isLeftAlone()).as("no connection is kept for ever").isTrue();
    }
    assertThat(tally.wholeAnswers()).as(told).isGreaterThan((int) (10 * SECONDS));
    assertThat(100.0 * tally.wholeAnswers() / tally.waitedFor())
        .as(told)
        .isGreaterThan(LEAST_WHOLE);
    for (long heap : heaps) {
      assertThat(heap - heaps.getFirst()).as(told).isLessThan(MOST_GROWTH_BYTES);
    }
  }

  /** The heap from a third of the time on, when all is warm, and at the end, at rest. */
  private static List<Long> load(TestHub hub, SoakTally tally) throws Exception {
    long begin = System.nanoTime();
    long whole = TimeUnit.SECONDS.toNanos(SECONDS);
    long calibration = Math.min(whole / 6, TimeUnit.SECONDS.toNanos(MOST_CALIBRATION_SECONDS));
    List<Long> heaps;
    try (SoakClients clients = new SoakClients(hub, tally);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      SoakLoad load = new SoakLoad(clients, tally);
      double bears = load.bears(CLIENTS, calibration);
      int before = tally.over();
      Future<Integer> arrived = thread.submit(() -> load.arrive(SHARE * bears, begin + whole));
      heaps = watch(hub, arrived, begin + whole / 3, whole / 9);
      assertThat(tally.over() - before).as("every arrival has an end").isEqualTo(arrived.get());
      LOG.log(
          Level.INFO,
          "bears {0}/s; {1} arrived at {2} of it, {3}",
          Math.round(bears),
          arrived.get(),
          SHARE,
          load.strain());
    }
    Until.holds("nothing is in flight", () -> hub.inFlight() == 0);
    hub.forgetEnded();
    heaps.add(heapAfterCollection());
    return heaps;
  }

  private static List<Long> watch(TestHub hub, Future<?> arrivals, long fromNanos, long everyNanos)
      throws InterruptedException {
    List<Long> heaps = new ArrayList<>();
    for (long next = fromNanos; !arrivals.isDone(); ) {
      Still.forAMoment();
      hub.forgetEnded();
      if (System.nanoTime() - next > 0) {
        heaps.add(whatStays(heaps));
        next += everyNanos;
      }
    }
    return heaps;
  }

  /** It would be refused if a byte of the memory for bodies were lost. */
  private void takesABodyAsLargeAsAllItsMemory(TestHub hub) throws Exception {
    Way way = Way.whole().findFirst().orElseThrow();
    String body = way.body();
    String padded = body + " ".repeat(MEMORY - body.length());

    Told.wholeAnswer(providers.ask(way, hub, padded), body);
  }

  /**
   * The heap, looked at again if it grew too much: what is lost stays lost, and what is held for a
   * moment, such as a provider's longest answer, is not there at the next look.
   */
  private static long whatStays(List<Long> before) throws InterruptedException {
    long heap = heapAfterCollection();
    for (int again = 1; again < MOST_LOOKS && !before.isEmpty(); again++) {
      if (heap - before.getFirst() < MOST_GROWTH_BYTES) {
        break;
      }
      Still.forAMoment();
      heap = Math.min(heap, heapAfterCollection());
    }
    return heap;
  }

  private static long heapAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
