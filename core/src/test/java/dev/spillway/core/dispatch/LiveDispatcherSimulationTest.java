package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.World.Run;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.retry.AttemptFailure;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decisions amount to over minutes of traffic, in a small world in virtual time. */
class LiveDispatcherSimulationTest {
  private final Tenant tenant = Scene.chatgpt();

  @ParameterizedTest
  @CsvSource({"1,1.0,10", "2,0.8,10", "3,1.2,6", "4,0.8,5", "5,1.0,20"})
  void spillsBeforeTheProviderRefuses(long seed, double drainFactor, double depthSeconds) {
    long configured = 20_000;
    Topology topology =
        Scene.topology(
            Scene.home(new Capacity.Provisioned(1, configured * 60, 1)),
            Scene.partner(Scene.engines(8, 64)));
    World world =
        new World(
            topology,
            Scene.dispatcher(topology),
            new FakeEngines(40, 12_000, 2, configured * drainFactor, depthSeconds),
            new FakeEngines(8, 10_000, 20));
    poisson(world, tenant, seed, 40, 600, 300);

    world.run();

    long spilled = count(world, run -> run.deployment == PARTNER);
    long refused = world.over.stream().mapToLong(run -> run.refusals).sum();
    assertThat(world.over).as("seed %d", seed).allMatch(Run::isWhole);
    assertThat(spilled).as("seed %d", seed).isGreaterThan(1_000);
    assertThat(refused).as("seed %d: per 100 spills", seed).isLessThanOrEqualTo(spilled / 100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void staysAtHomeWhileHomeHasHeadroom(long seed) {
    World world = twoSites(4, 0.9);
    poisson(world, tenant, seed, 10, 600, 300);

    world.run();

    assertThat(share(world, run -> run.deployment == HOME)).as("seed %d", seed).isGreaterThan(0.98);
    assertThat(attained(world)).as("seed %d", seed).isGreaterThan(0.995);
  }

  @ParameterizedTest
  @CsvSource({"1,30,0.8", "2,60,0.8", "3,45,1.2", "4,100,0.9", "5,45,0.7"})
  void keepsThePromiseAtAnyLoad(long seed, double requestsPerSecond, double speed) {
    World world = twoSites(4, speed);
    poisson(world, tenant, seed, requestsPerSecond, 600, 240);

    world.run();

    assertThat(world.over).as("seed %d", seed).allMatch(Run::isWhole);
    assertThat(attained(world)).as("seed %d", seed).isGreaterThan(0.995);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nobodyNoticesAnOutageAndReturnIsDamped(long seed) {
    Topology topology =
        Scene.topology(Scene.home(Scene.engines(4, 64)), Scene.partner(Scene.engines(12, 64)));
    FakeEngines home = new FakeEngines(4, 10_000, 2);
    World world =
        new World(topology, Scene.dispatcher(topology), home, new FakeEngines(12, 10_000, 20));
    home.down(60 * SECOND, 90 * SECOND);
    poisson(world, tenant, seed, 30, 600, 150);

    world.run();

    assertThat(world.over).as("seed %d", seed).allMatch(Run::isWhole);
    List<Double> shares =
        List.of(
            homeShare(world, 30, 60),
            homeShare(world, 62, 90),
            homeShare(world, 90, 112),
            homeShare(world, 125, 150));
    assertThat(shares.get(1)).as("seed %d: during", seed).isZero();
    assertThat(shares.get(2)).as("seed %d: ramp", seed).isBetween(0.01, 0.8 * shares.get(0));
    assertThat(shares.get(3)).as("seed %d: after", seed).isGreaterThan(0.9 * shares.get(0));
  }

  @ParameterizedTest
  @CsvSource({"1,20", "2,45", "3,180", "4,300"})
  void hasAllItsTrafficAgainThirtySecondsAfterItsRecovery(long seed, long outageSeconds) {
    Topology topology =
        Scene.topology(Scene.home(Scene.engines(4, 64)), Scene.partner(Scene.engines(12, 64)));
    FakeEngines home = new FakeEngines(4, 10_000, 2);
    World world =
        new World(topology, Scene.dispatcher(topology), home, new FakeEngines(12, 10_000, 20));
    long well = 60 + outageSeconds;
    home.down(60 * SECOND, well * SECOND, AttemptFailure.Kind.OVERLOADED);
    poisson(world, tenant, seed, 20, 600, (int) well + 60);

    world.run();

    assertThat(world.over).as("seed %d", seed).allMatch(Run::isWhole);
    assertThat(home.askedInVain())
        .as("seed %d: a dozen until it opens, with those under way, then probes", seed)
        .isBetween(8, 30 + (int) outageSeconds / 10);
    assertThat(homeShare(world, well + 30, well + 60))
        .as("seed %d", seed)
        .isGreaterThan(0.95 * homeShare(world, 0, 60));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aBusyTenantDoesNotStarveAQuietOne(long seed) {
    Tenant quiet = Scene.tenant("quiet", Priority.NORMAL, TenantLimits.NONE);
    Topology topology = Scene.topology(Scene.home(Scene.engines(1, 16)));
    World world =
        new World(
            topology,
            Scene.dispatcher(topology, List.of(tenant, quiet)),
            new FakeEngines(1, 10_000, 2));
    poisson(world, tenant, seed, 30, 600, 60);
    poisson(world, quiet, seed + 100, 1, 600, 60);

    world.run();

    double worstOfQuiet = worstTtft(world, quiet);
    assertThat(world.over).as("seed %d", seed).allMatch(Run::isWhole);
    assertThat(worstOfQuiet).as("seed %d", seed).isLessThan(0.2 * worstTtft(world, tenant));
  }

  @Test
  void theSameTrafficGivesTheSameDecisions() {
    assertThat(fingerprint(7)).isEqualTo(fingerprint(7)).isNotEqualTo(fingerprint(8));
  }

  private String fingerprint(long seed) {
    World world = twoSites(2, 0.9);
    poisson(world, tenant, seed, 30, 600, 30);
    world.run();
    StringBuilder all = new StringBuilder();
    for (Run run : world.over) {
      all.append(run.deployment).append('@').append(run.firstToken).append(' ');
    }
    return all.toString();
  }

  /** Engines that are this much faster than the configuration says. */
  private static World twoSites(int homeReplicas, double speed) {
    Topology topology =
        Scene.topology(
            Scene.home(Scene.engines(homeReplicas, 64)), Scene.partner(Scene.engines(12, 64)));
    return new World(
        topology,
        Scene.dispatcher(topology),
        new FakeEngines(homeReplicas, 10_000 * speed, 2),
        new FakeEngines(12, 10_000 * speed, 20));
  }

  private static void poisson(
      World world, Tenant tenant, long seed, double perSecond, int meanInput, int seconds) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    double time = 0;
    while (true) {
      time += random.nextExponential() / perSecond;
      if (time > seconds) {
        return;
      }
      long input = 50 + (long) (random.nextExponential() * meanInput);
      int output = 10 + (int) (random.nextExponential() * 100);
      long now = (long) (time * SECOND) / MILLI * MILLI;
      world.arrives(Scene.journey(tenant, Math.min(input, 20_000), now), output);
    }
  }

  private static long count(World world, Predicate<Run> which) {
    return world.over.stream().filter(which).count();
  }

  private static double share(World world, Predicate<Run> which) {
    return (double) count(world, which) / world.over.size();
  }

  private static double attained(World world) {
    return share(world, Run::meets);
  }

  private static double homeShare(World world, long fromSecond, long untilSecond) {
    List<Run> runs =
        world.over.stream()
            .filter(run -> run.journey.arrivedNanos() >= fromSecond * SECOND)
            .filter(run -> run.journey.arrivedNanos() < untilSecond * SECOND)
            .toList();
    return (double) runs.stream().filter(run -> run.deployment == HOME).count() / runs.size();
  }

  private static double worstTtft(World world, Tenant of) {
    return world.over.stream()
        .filter(run -> run.journey.tenant().equals(of))
        .mapToDouble(Run::ttftMillis)
        .max()
        .orElseThrow();
  }
}
