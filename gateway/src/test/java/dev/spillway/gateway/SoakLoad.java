package dev.spillway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * The load of a soak: first closed, to find what the process bears, then open, at a share of it.
 *
 * <p>An open load does not wait for answers: who comes late, comes at once (no coordinated
 * omission). Arrivals are a Poisson process.
 */
final class SoakLoad {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Fewer than the hub's connections. More at once say that the machine is busy with others. */
  private static final int MOST_AT_ONCE = 1_000;

  private final SoakClients clients;
  private final SoakTally tally;
  private final RandomGeneratorFactory<RandomGenerator> dice =
      RandomGeneratorFactory.of("L64X128MixRandom");
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private volatile long latestNanos;
  private volatile int stayedAway;

  SoakLoad(SoakClients clients, SoakTally tally) {
    this.clients = clients;
    this.tally = tally;
  }

  /**
   * So many clients that ask as soon as they are answered; requests a second of the second half.
   */
  double bears(int asking, long nanos) throws Exception {
    long half = System.nanoTime() + nanos / 2;
    long end = half + nanos / 2;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < asking; i++) {
        RandomGenerator random = dice.create(i);
        all.add(threads.submit(() -> askUntil(end, random)));
      }
      waitUntil(half);
      int before = tally.over();
      waitUntil(end);
      double rate = (tally.over() - before) * NANOS_PER_SECOND / (nanos / 2.0);
      for (Future<?> each : all) {
        each.get();
      }
      failIfAnyDid();
      return rate;
    }
  }

  /** Arrivals at this rate until then, and their answers; how many came. */
  int arrive(double perSecond, long endNanos) {
    RandomGenerator random = dice.create(Double.doubleToLongBits(perSecond));
    int arrived = 0;
    int away = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      double next = 0;
      long begin = System.nanoTime();
      while (begin + (long) next - endNanos < 0 && wrong.get() == null) {
        waitUntil(begin + (long) next);
        latestNanos = Math.max(latestNanos, System.nanoTime() - begin - (long) next);
        RandomGenerator own = dice.create(random.nextLong());
        if (underWay.get() < MOST_AT_ONCE) {
          mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          threads.execute(() -> ask(own));
          arrived++;
        } else {
          away++;
        }
        next += random.nextExponential() * NANOS_PER_SECOND / perSecond;
      }
    }
    stayedAway = away;
    failIfAnyDid();
    return arrived;
  }

  /** What says whether the machine bore the load: a process that is starved lets arrivals wait. */
  String strain() {
    return "at most %d at once, at most %d ms late, %d stayed away as %d were there"
        .formatted(
            mostUnderWay.get(),
            TimeUnit.NANOSECONDS.toMillis(latestNanos),
            stayedAway,
            MOST_AT_ONCE);
  }

  private void askUntil(long endNanos, RandomGenerator random) {
    while (System.nanoTime() - endNanos < 0 && wrong.get() == null) {
      underWay.incrementAndGet();
      ask(random);
    }
  }

  private void ask(RandomGenerator random) {
    try {
      clients.ask(random);
    } catch (Exception | AssertionError thrown) {
      wrong.compareAndSet(null, thrown);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void failIfAnyDid() {
    Throwable first = wrong.get();
    if (first != null) {
      throw new AssertionError("a client was let down; " + strain(), first);
    }
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
