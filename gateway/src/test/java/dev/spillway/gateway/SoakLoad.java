package dev.spillway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  private final SoakClients clients;
  private final SoakTally tally;
  private final RandomGeneratorFactory<RandomGenerator> dice =
      RandomGeneratorFactory.of("L64X128MixRandom");
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();

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
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      double next = 0;
      long begin = System.nanoTime();
      while (begin + (long) next - endNanos < 0 && wrong.get() == null) {
        waitUntil(begin + (long) next);
        RandomGenerator own = dice.create(random.nextLong());
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        threads.execute(() -> ask(own));
        arrived++;
        next += random.nextExponential() * NANOS_PER_SECOND / perSecond;
      }
    }
    failIfAnyDid();
    return arrived;
  }

  /** Of those that arrived, the most that had no end at the same time. */
  int mostUnderWay() {
    return mostUnderWay.get();
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
      throw new AssertionError("a client was let down", first);
    }
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
