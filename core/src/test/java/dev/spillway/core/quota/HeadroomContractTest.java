package dev.spillway.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Capacity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of headroom must hold. */
class HeadroomContractTest {
  private static final Demand NOTHING = new Demand(0, 0);
  private static final Demand SOME = new Demand(1_000, 100);
  private static final long SECOND = 1_000_000_000;

  static Stream<Headroom> kinds() {
    return Stream.of(
        new ProvisionedBucket(new Capacity.Provisioned(1, 60_000, 4), BucketTuning.DEFAULT),
        new EngineSeats(new Capacity.SelfHosted(2, 4, 10_000), EngineTuning.DEFAULT, () -> 0),
        new ConcurrencyLimit(new Capacity.OnDemand(10), ConcurrencyTuning.DEFAULT));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isEmptyAtFirstAndAfterEverythingIsGivenBack(Headroom headroom) {
    assertThat(headroom.saturation(0)).isZero();

    assertThat(headroom.tryTake(SOME, 0)).isTrue();
    assertThat(headroom.saturation(0)).isPositive();
    headroom.giveBack(SOME, NOTHING, 0);

    assertThat(headroom.saturation(0)).isZero();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void takesOnlyWhatFitsAndSaysWhenMoreMay(Headroom headroom) {
    int taken = 0;
    while (headroom.tryTake(SOME, 0)) {
      taken++;
      assertThat(taken).as("takes without end").isLessThan(1_000);
    }

    assertThat(taken).isPositive();
    assertThat(headroom.fits(SOME, 0)).isFalse();
    assertThat(headroom.roomInNanos(SOME, 0)).isPositive();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void roomComesWithWhatIsGivenBack(Headroom headroom) {
    while (headroom.tryTake(SOME, 0)) {
      // to the brim
    }

    headroom.giveBack(SOME, NOTHING, 0);

    assertThat(headroom.tryTake(SOME, 0)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isNeverNegativeWhateverHappens(Headroom headroom) {
    long seed = 42;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Deque<Demand> out = new ArrayDeque<>();
    long now = -5 * SECOND;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(SECOND / 20);
      Demand demand = new Demand(random.nextLong(3_000), random.nextLong(500));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          if (headroom.tryTake(demand, now)) {
            out.add(demand);
          }
        }
        case 2 -> {
          if (!out.isEmpty()) {
            Demand taken = out.remove();
            headroom.giveBack(taken, new Demand(taken.inputTokens(), 3), now);
            headroom.accepted(taken, headroom.saturation(now), 1, now);
          }
        }
        default -> {
          if (!out.isEmpty() && random.nextInt(50) == 0) {
            headroom.giveBack(out.remove(), NOTHING, now);
            headroom.refused(now, random.nextLong(SECOND), now);
          }
        }
      }
      assertThat(headroom.saturation(now)).as("seed %d, step %d", seed, i).isNotNegative();
    }
    while (!out.isEmpty()) {
      headroom.giveBack(out.remove(), NOTHING, now);
    }

    assertThat(headroom.fits(SOME, now + 3_600 * SECOND)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void keepsThePromiseOfRoom(Headroom headroom) {
    long seed = 7;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    long now = -5 * SECOND;
    int promises = 0;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(SECOND / 50);
      Demand demand = new Demand(random.nextLong(3_000), random.nextLong(500));
      long from = headroom.roomFromNanos();
      boolean promised = now - from >= 0 && demand.tokens() <= headroom.mostTokens();

      boolean taken = headroom.tryTake(demand, now);

      if (promised) {
        assertThat(taken).as("seed %d, step %d", seed, i).isTrue();
        promises++;
      }
      if (taken && random.nextInt(3) > 0) {
        headroom.giveBack(demand, new Demand(demand.inputTokens(), 3), now);
      } else if (taken && random.nextInt(20) == 0) {
        headroom.giveBack(demand, NOTHING, now);
        headroom.refused(now, random.nextLong(SECOND), now);
      }
    }
    assertThat(promises).isPositive();
    assertThat(headroom.fits(SOME, headroom.roomFromNanos()))
        .isEqualTo(headroom.roomFromNanos() != Headroom.NEVER);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void givesTheSameRoomToOneLoopOnly(Headroom headroom) throws InterruptedException {
    int alone = 0;
    while (headroom.tryTake(SOME, 0)) {
      alone++;
    }
    for (int i = 0; i < alone; i++) {
      headroom.giveBack(SOME, NOTHING, 0);
    }
    AtomicInteger together = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> loops =
        Stream.generate(
                () -> Thread.ofPlatform().unstarted(() -> takeAll(headroom, start, together)))
            .limit(4)
            .toList();
    loops.forEach(Thread::start);

    start.countDown();
    for (Thread loop : loops) {
      loop.join();
    }

    assertThat(together).hasValue(alone);
  }

  private static void takeAll(Headroom headroom, CountDownLatch start, AtomicInteger taken) {
    try {
      start.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    while (headroom.tryTake(SOME, 0)) {
      taken.incrementAndGet();
    }
  }
}
