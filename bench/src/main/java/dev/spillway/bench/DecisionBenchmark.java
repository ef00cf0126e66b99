package dev.spillway.bench;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Usage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision costs: the contract, every deployment and the pick ({@link #route}); with the
 * reservation, its record and its end ({@link #decide}); with all that an answer teaches ({@link
 * #answer}).
 *
 * <p>{@link #door} is what a request costs without a decision, in time and garbage: take it off the
 * last two.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields before it runs anything
public class DecisionBenchmark {
  private static final Usage NOTHING = new Usage(0, 0, 0, Usage.Source.ESTIMATED);
  private static final Pauses PAUSES = new Pauses(BusyPlatform.MILLI, 0);
  private static final Usage ANSWER = new Usage(800, 0, 200, Usage.Source.PROVIDER);

  /** How many serve the model. */
  @Param({"10", "100", "1000"})
  public int deployments;

  private BusyPlatform platform;
  private BusyPool pool;

  /** Loads it by half. */
  @Setup
  public void load() {
    platform = new BusyPlatform(deployments);
    pool = new BusyPool(platform);
  }

  /** Where to? */
  @Benchmark
  public int route() {
    return pool.route();
  }

  /** In, and out again. */
  @Benchmark
  public Journey door() {
    long now = platform.tick();
    Journey journey = platform.journey(now);
    platform.dispatcher.left(journey, now);
    return journey;
  }

  /** In, a decision, an attempt that is abandoned, out. */
  @Benchmark
  public NextStep decide() {
    long now = platform.tick();
    Journey journey = platform.journey(now);
    NextStep step = platform.dispatcher.next(journey, now);
    if (step instanceof NextStep.Attempt made) {
      platform.dispatcher.abandoned(journey, made.number(), NOTHING, now);
    }
    platform.over(journey, now);
    return step;
  }

  /** The same with a whole answer. */
  @Benchmark
  public NextStep answer() {
    long now = platform.tick();
    Journey journey = platform.journey(now);
    NextStep step = platform.dispatcher.next(journey, now);
    if (step instanceof NextStep.Attempt made) {
      long first = now + 90 * BusyPlatform.MILLI;
      platform.dispatcher.firstContent(journey, made.number(), first);
      platform.dispatcher.finished(journey, made.number(), ANSWER, PAUSES, first);
    }
    platform.over(journey, now);
    return step;
  }
}
