package dev.spillway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Deployment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;

/** What was compiled says the same as the independent reading, whoever asks for what and when. */
class CompiledPolicyPropertyTest {
  private static final int CONFIGS = 100;
  private static final int ASKS = 250;

  /** 40 x 100 x 250 = 1,000,000 cases, each of every deployment of its platform. */
  @Tag("slow")
  @RepeatedTest(40)
  void saysWhatTheBruteForceReadingSays(RepetitionInfo repetition) {
    check(repetition.getCurrentRepetition(), CONFIGS);
  }

  /** The same in small, quick enough to run against every mutant. */
  @RepeatedTest(5)
  void saysWhatTheBruteForceReadingSaysInSmall(RepetitionInfo repetition) {
    check(-repetition.getCurrentRepetition(), 20);
  }

  private static void check(long seed, int configs) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int allowed = 0;
    for (int i = 0; i < configs; i++) {
      allowed += checkOne(random, "seed %d, contract %d".formatted(seed, i));
    }

    int cases = configs * ASKS;
    assertThat(allowed).as("asks with an answer, seed %d", seed).isBetween(cases / 10, cases);
  }

  /** Returns how many asks were allowed somewhere. */
  private static int checkOne(RandomGenerator random, String where) {
    RandomContract made = new RandomContract(random);
    long now = made.second();
    var brute = new BruteForceContract(made.topology(), made.tenants(), made.contract());
    boolean refused = brute.rivalsAreDedicatedTheSame() || brute.rivalsMeetAfter(now);
    Compilation compilation = compile(made, now);
    assertThat(compilation instanceof Compilation.Refused)
        .as("%s is refused: %s", where, compilation)
        .isEqualTo(refused);
    return refused
        ? checkAsks(made.withoutRivals(), compile(made.withoutRivals(), now), where)
        : checkAsks(made, compilation, where);
  }

  private static int checkAsks(RandomContract made, Compilation compilation, String where) {
    CompiledPolicy policy = ((Compilation.Compiled) compilation).policy();
    var brute = new BruteForceContract(made.topology(), made.tenants(), made.contract());
    int allowed = 0;
    for (int i = 0; i < ASKS; i++) {
      Ask ask = made.ask();
      long second = made.second();
      String what = where + ", " + ask + " at " + second;
      checkSets(made, policy, brute, new Case(ask, second, what));
      checkRules(made, policy, brute, new Case(ask, second, what));
      allowed += policy.allowed(ask, second).isEmpty() ? 0 : 1;
    }
    return allowed;
  }

  private static void checkSets(
      RandomContract made, CompiledPolicy policy, BruteForceContract brute, Case asked) {
    DeploymentSet allowed = policy.allowed(asked.ask, asked.second);
    BitSet expected = new BitSet();
    List<String> cited = new ArrayList<>();
    List<Deployment> deployments = made.topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      if (deployments.get(i).model().equals(asked.ask.model())) {
        List<String> refusals = brute.refusals(asked.ask, deployments.get(i), asked.second);
        expected.set(i, refusals.isEmpty());
        refusals.stream()
            .findFirst()
            .map((deployments.get(i).id() + " ")::concat)
            .ifPresent(cited::add);
      }
    }

    assertThat(allowed).as(asked.what).isEqualTo(DeploymentSet.of(expected));
    assertThat(policy.explain(asked.ask, asked.second))
        .as(asked.what)
        .extracting(out -> out.deployment() + " " + out.clause())
        .isEqualTo(cited);
  }

  private static void checkRules(
      RandomContract made, CompiledPolicy policy, BruteForceContract brute, Case asked) {
    assertThat(policy.homeFirst(asked.ask, asked.second))
        .as(asked.what)
        .isEqualTo(brute.homeFirst(asked.ask, asked.second));
    int deployment = Math.floorMod(asked.second, made.topology().deployments().size());
    var caps = brute.caps(made.topology().deployments().get(deployment), asked.second);
    assertThat(policy.caps(deployment, asked.second))
        .as(asked.what)
        .extracting(CompiledPolicy.Cap::clause)
        .isEqualTo(caps.stream().map(Clause.Cap::id).toList());
  }

  private record Case(Ask ask, long second, String what) {}

  private static Compilation compile(RandomContract made, long now) {
    return PolicyCompiler.compile(made.topology(), made.tenants(), made.contract(), now);
  }
}
