package dev.spillway.gateway;

import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Framings;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Silences;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Mostly well, and every now and then anything; called by one thread at a time. */
final class SoakFaults implements Supplier<Fault> {
  private static final int KINDS = 14;

  private final RandomGenerator random;
  private final int inAHundred;

  /** So many faults in a hundred requests. */
  SoakFaults(long seed, int inAHundred) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.inAHundred = inAHundred;
  }

  @Override
  public Fault get() {
    return random.nextInt(100) < inAHundred ? fault() : Fault.NONE;
  }

  private Fault fault() {
    int events = random.nextInt(8);
    Cuts.Way way = random.nextBoolean() ? Cuts.Way.FIN : Cuts.Way.RST;
    return switch (random.nextInt(KINDS)) {
      case 0, 1, 2 -> Cuts.after(events, way);
      case 3 -> Cuts.inside(events, 90, way);
      case 4 -> Cuts.beforeHead(way);
      case 5 -> Cuts.endsAfter(events);
      case 6 -> Garbage.malformed(events);
      case 7 -> Garbage.error(events);
      case 8 -> Garbage.html();
      case 9 -> Refusals.broken();
      case 10 -> Refusals.fullForMillis(50);
      case 11 -> Silences.stallsAfter(events);
      case 12 -> Framings.badChunkSize();
      default -> Framings.endlessError();
    };
  }
}
