package dev.spillway.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.core.policy.RandomContract;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;

/** Whatever fails, in whatever order: no attempt goes where the contract does not let it. */
class EveryAttemptObeysTheContractTest {
  private static final int CONFIGS = 100;
  private static final int REQUESTS = 250;

  /** 40 x 100 x 250 = 1,000,000 requests, each with failures of its own. */
  @Tag("slow")
  @RepeatedTest(40)
  void whateverFails(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int attempts = 0;
    int retries = 0;
    int hedges = 0;
    int continuations = 0;
    for (int i = 0; i < CONFIGS; i++) {
      RandomDrive drive = drive(random, "seed %d, contract %d".formatted(seed, i));
      attempts += drive.attempts();
      retries += drive.retries();
      hedges += drive.hedges();
      continuations += drive.continuations();
    }

    assertThat(attempts).as("attempts, seed %d", seed).isGreaterThan(CONFIGS * REQUESTS / 4);
    assertThat(retries).as("retries, seed %d", seed).isGreaterThan(attempts / 20);
    assertThat(hedges).as("hedges, seed %d", seed).isGreaterThan(attempts / 500);
    assertThat(continuations).as("continuations, seed %d", seed).isGreaterThan(attempts / 100);
  }

  private static RandomDrive drive(RandomGenerator random, String where) {
    RandomContract made = new RandomContract(random);
    long now = made.second();
    if (compile(made, now) instanceof Compilation.Refused) {
      made = made.withoutRivals();
    }
    CompiledPolicy policy = ((Compilation.Compiled) compile(made, now)).policy();
    var dispatcher = new LiveDispatcher(made.topology(), made.tenants(), policy, Tuning.DEFAULT);
    var judge = new ContractJudge(made);
    var drive = new RandomDrive(random, made, dispatcher, judge);

    drive.run(REQUESTS);

    assertThat(judge.violations()).as(where).isEmpty();
    return drive;
  }

  private static Compilation compile(RandomContract made, long now) {
    return PolicyCompiler.compile(made.topology(), made.tenants(), made.contract(), now);
  }
}
