package dev.spillway.core.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.TenantId;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EstimatorsTest {
  private static final TenantId TENANT = new TenantId("chatgpt");
  private static final ModelName MODEL = new ModelName("gpt-4o");
  private static final Speed BELIEVED = new Speed(20, 10_000, 10, 0.1);

  @Test
  void believesWhatItWasToldUntilItSawSomething() {
    FirstTokenModel model = new FirstTokenModel(BELIEVED, FirstTokenModel.Replicas.KNOWN);

    assertThat(model.prefillMillis(1_000)).isEqualTo(120);
    assertThat(model.queueMillis(2_000, 10)).isEqualTo(201);
    assertThat(model.prefillTokensPerSecond()).isEqualTo(10_000);
  }

  @Test
  void supposesNoHarmOfLoadWhereReplicasAreUnknown() {
    FirstTokenModel model = new FirstTokenModel(BELIEVED, FirstTokenModel.Replicas.UNKNOWN);

    assertThat(model.queueMillis(50_000, 100)).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.6, 0.8, 1.25, 2})
  void learnsATrueSpeedThatDiffersFromTheStatedOne(double factor) {
    FirstTokenModel model = new FirstTokenModel(BELIEVED, FirstTokenModel.Replicas.KNOWN);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    for (int i = 0; i < 500; i++) {
      observe(model, random, factor);
    }

    double truth = (20 + 2_000 / 10.0) / factor;
    assertThat(model.prefillMillis(2_000)).isCloseTo(truth, within(0.08 * truth));
  }

  /** An engine that has the prefixes of long prompts in its cache. */
  @ParameterizedTest
  @EnumSource(FirstTokenModel.Replicas.class)
  void knowsAFiniteSpeedWhereLongPromptsAreReadAsSoonAsShortOnes(FirstTokenModel.Replicas known) {
    FirstTokenModel model = new FirstTokenModel(BELIEVED, known);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
    for (int i = 0; i < 2_000; i++) {
      long input = random.nextLong(20_000);
      model.observe(input, 0, 0, input < 10_000 ? 210 : 190);

      assertThat(model.prefillTokensPerSecond()).as("after %d", i).isBetween(1.0, 1e9);
    }
  }

  @Test
  void followsAChangeOfSpeed() {
    FirstTokenModel model = new FirstTokenModel(BELIEVED, FirstTokenModel.Replicas.KNOWN);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
    for (int i = 0; i < 2_000; i++) {
      observe(model, random, 1);
    }
    for (int i = 0; i < 500; i++) {
      observe(model, random, 0.5);
    }

    assertThat(model.prefillMillis(2_000)).isCloseTo(440, within(45.0));
  }

  @Test
  void oneOutlierMovesItLittle() {
    FirstTokenModel model = new FirstTokenModel(BELIEVED, FirstTokenModel.Replicas.KNOWN);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    for (int i = 0; i < 500; i++) {
      observe(model, random, 1);
    }
    double before = model.prefillMillis(1_000);

    model.observe(1_000, 0, 0, 60_000);

    assertThat(model.prefillMillis(1_000)).isCloseTo(before, within(0.1 * before));
  }

  @RepeatedTest(20)
  void noLoadEverMakesItFaster(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    FirstTokenModel model = new FirstTokenModel(BELIEVED, FirstTokenModel.Replicas.UNKNOWN);
    for (int i = 0; i < 300; i++) {
      model.observe(
          random.nextLong(5_000),
          (double) random.nextLong(20_000),
          random.nextInt(60),
          random.nextInt(900));
      assertThat(model.queueMillis(1_000, 10)).as("seed %d", seed).isNotNegative();
      assertThat(model.prefillMillis(100)).as("seed %d", seed).isNotNegative().isFinite();
    }
  }

  @Test
  void learnsWhatTheBatchDoesToThePace() {
    DecodeModel model = new DecodeModel(BELIEVED, FirstTokenModel.Replicas.UNKNOWN);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
    assertThat(model.tpotMillis(50)).isEqualTo(10);
    for (int i = 0; i < 1_000; i++) {
      double batch = random.nextInt(100);
      model.observe(batch, 12 + 0.2 * batch + random.nextGaussian());
    }

    assertThat(model.tpotMillis(0)).isCloseTo(12, within(1.0));
    assertThat(model.tpotMillis(100)).isCloseTo(32, within(1.5));
  }

  @Test
  void neverReckonsWithTheBareMaximum() {
    OutputLengths lengths = new OutputLengths(256);

    assertThat(lengths.expected(TENANT, MODEL, 0)).isEqualTo(256);
    assertThat(lengths.expected(TENANT, MODEL, 128_000)).isEqualTo(256);
    assertThat(lengths.expected(TENANT, MODEL, 10)).isEqualTo(10);
  }

  @Test
  void threeAnswersInFourAreNoLongerThanExpected() {
    OutputLengths lengths = new OutputLengths(256);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    int within = 0;
    for (int i = 0; i < 5_000; i++) {
      long length = 1 + (long) (random.nextExponential() * 40);
      if (i >= 1_000) {
        within += length <= lengths.expected(TENANT, MODEL, 0) ? 1 : 0;
      }
      lengths.observe(TENANT, MODEL, length);
    }

    assertThat(within / 4_000.0).isBetween(0.72, 0.78);
  }

  @Test
  void keepsTenantsApart() {
    OutputLengths lengths = new OutputLengths(256);
    for (int i = 0; i < 100; i++) {
      lengths.observe(TENANT, MODEL, 10);
    }

    assertThat(lengths.expected(new TenantId("xai"), MODEL, 0)).isEqualTo(256);
    assertThat(lengths.expected(TENANT, MODEL, 0)).isLessThan(20);
  }

  /** Whatever happens, the share of misses ends near the target: the theorem, tried. */
  @RepeatedTest(20)
  void theMarginHoldsTheShareOfMisses(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    ConformalMargin margin = new ConformalMargin(0, 0.1);
    double target = 0.02;
    int misses = 0;
    int outcomes = 20_000;
    for (int i = 0; i < outcomes; i++) {
      double trouble = 0.3 + 0.2 * Math.sin(i / 500.0) + 0.1 * random.nextGaussian();
      if (trouble > margin.value()) {
        misses++;
        margin.missed(target);
      } else {
        margin.kept(target);
      }
    }

    assertThat((double) misses / outcomes)
        .as("seed %d", seed)
        .isCloseTo(target, within(1.1 / (0.1 * outcomes)));
  }

  @Test
  void theMarginStaysBetweenNothingAndTheWhole() {
    ConformalMargin margin = new ConformalMargin(0, 0.1);
    margin.kept(0.5);
    assertThat(margin.value()).isZero();

    for (int i = 0; i < 100; i++) {
      margin.missed(0.01);
    }

    assertThat(margin.value()).isEqualTo(1);
  }

  private static void observe(FirstTokenModel model, RandomGenerator random, double factor) {
    long input = random.nextLong(5_000);
    long pending = random.nextLong(3_000);
    double truth = (20 + input / 10.0 + pending / 10.0) / factor;
    model.observe(input, (double) pending, 5, truth * (1 + 0.1 * random.nextGaussian()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.75, 0.95})
  void findsTheQuantileItWasAskedFor(double quantile) {
    RunningQuantile estimate = new RunningQuantile(quantile, 1);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    for (int i = 0; i < 5_000; i++) {
      estimate.observe(10 + 90 * random.nextDouble());
    }

    double truth = 10 + 90 * quantile;
    assertThat(estimate.value()).isCloseTo(truth, within(0.2 * truth));
    assertThat(estimate.seen()).isEqualTo(5_000);
  }

  @Test
  void learnsFromWhatIsKnownToBeLargerOnlyWhereItIs() {
    RunningQuantile estimate = new RunningQuantile(0.95, 100);

    estimate.atLeast(50);
    assertThat(estimate.value()).isCloseTo(100, within(1e-3));
    estimate.atLeast(150);

    assertThat(estimate.value()).isGreaterThan(101);
  }
}
