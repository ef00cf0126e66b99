package dev.spillway.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ReplicaTest {
  private static final long MILLI = 1_000_000;

  /** 10 ms an iteration, and 1 ms a prompt token or decoding sequence. */
  private static final StepTime STEP = new StepTime(10_000, 1_000, 0, 1_000, 0);

  private final List<String> tokens = new ArrayList<>();

  @Test
  void readsThePromptThenMakesATokenAnIteration() {
    Replica replica = replica(4, 100, 100);
    replica.submit(sequence("a", 20, 3), 0);

    run(replica);

    assertThat(tokens).containsExactly("a1@30", "a2@41", "a3@52");
  }

  @Test
  void readsALongPromptInChunksWhileOthersDecode() {
    Replica replica = replica(4, 10, 100);
    replica.submit(sequence("a", 5, 4), 0);
    replica.submit(sequence("b", 12, 1), 0);

    run(replica);

    assertThat(tokens)
        .as("chunks of 9 and 3 beside a")
        .containsExactly("a1@15", "a2@35", "a3@49", "b1@49", "a4@60");
  }

  @Test
  void cachedTokensAreNotReadAgain() {
    Replica replica = replica(4, 100, 100);
    replica.submit(new Sequence(20, 16, 1, log("a")), 0);

    run(replica);

    assertThat(tokens).containsExactly("a1@14");
  }

  @Test
  void waitsWhenTheBatchHasAllTheSequencesItMay() {
    Replica replica = replica(1, 100, 100);
    replica.submit(sequence("a", 10, 2), 0);
    replica.submit(sequence("b", 10, 1), 0);

    assertThat(replica.waiting()).isEqualTo(1);
    assertThat(replica.queuedPrefillTokens()).isEqualTo(20);
    run(replica);

    assertThat(tokens).containsExactly("a1@20", "a2@31", "b1@51");
  }

  @Test
  void whoJoinedLastIsComputedAgainWhenMemoryRunsOut() {
    Replica replica = replica(4, 100, 3);
    Sequence first = sequence("a", 16, 20);
    Sequence last = sequence("b", 16, 4);
    replica.submit(first, 0);
    replica.submit(last, 0);

    run(replica);

    assertThat(first.preemptions()).isZero();
    assertThat(last.preemptions()).isEqualTo(1);
    assertThat(replica.preemptions()).isEqualTo(1);
    assertThat(last.generatedTokens()).as("no token lost, none made twice").isEqualTo(4);
    assertThat(replica.kvUse()).isZero();
  }

  @Test
  void cancellingFreesMemoryAtOnceAndSilences() {
    Replica replica = replica(4, 100, 100);
    Sequence sequence = sequence("a", 20, 3);
    replica.submit(sequence, 0);
    replica.completeIteration();

    replica.cancel(sequence);

    assertThat(replica.kvUse()).isZero();
    run(replica);
    assertThat(tokens).containsExactly("a1@30");
    assertThat(replica.nextIterationEndsAt()).isEqualTo(Replica.IDLE);
  }

  @Test
  void aFasterReplicaNeedsLessTimeByItsFactor() {
    Replica replica = new Replica(profile(4, 100, 100), 2);
    replica.submit(sequence("a", 20, 1), 0);

    assertThat(replica.nextIterationEndsAt()).isEqualTo(15 * MILLI);
  }

  @Test
  void refusesASequenceThatWouldNeverFit() {
    Replica replica = replica(4, 100, 3);

    assertThatThrownBy(() -> replica.submit(sequence("a", 40, 9), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sequence: 49 tokens (expected: <= 48)");
  }

  /** Whatever comes and goes: nothing lost, nothing made twice, never more memory than there is. */
  @RepeatedTest(200)
  void conservesRequestsTokensAndMemory(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Replica replica =
        replica(1 + random.nextInt(8), 8 + random.nextInt(60), 6 + random.nextInt(20));
    List<Sequence> all = new ArrayList<>();
    long now = 0;
    for (int event = 0; event < 400; event++) {
      if (random.nextInt(4) == 0) {
        Sequence sequence = randomSequence(random);
        all.add(sequence);
        replica.submit(sequence, now);
      } else if (random.nextInt(12) == 0 && !all.isEmpty()) {
        replica.cancel(all.get(random.nextInt(all.size())));
      } else if (replica.nextIterationEndsAt() != Replica.IDLE) {
        now = replica.nextIterationEndsAt();
        replica.completeIteration();
      }
      assertInvariants(seed, replica, all);
    }
    run(replica);
    assertInvariants(seed, replica, all);

    assertThat(replica.kvUse()).as("seed %d", seed).isZero();
    assertThat(tokens).as("seed %d", seed).doesNotHaveDuplicates();
    assertThat(all).as("seed %d", seed).allMatch(s -> isEnded(s.state()));
  }

  private void assertInvariants(long seed, Replica replica, List<Sequence> all) {
    long inFlight = all.stream().filter(s -> !isEnded(s.state())).count();
    assertThat(replica.running() + replica.waiting()).as("seed %d", seed).isEqualTo((int) inFlight);
    int used = all.stream().mapToInt(Sequence::kvBlocks).sum();
    assertThat(used).as("seed %d", seed).isLessThanOrEqualTo(replica.profile().kvBlocks());
    assertThat(replica.kvUse())
        .as("seed %d", seed)
        .isEqualTo(
            1 - (replica.profile().kvBlocks() - used) / (double) replica.profile().kvBlocks());
    int made = all.stream().mapToInt(Sequence::generatedTokens).sum();
    assertThat(tokens).as("seed %d: tokens handed out", seed).hasSize(made);
    assertThat(all)
        .as("seed %d", seed)
        .allMatch(
            s -> (s.state() == Sequence.State.DONE) == (s.generatedTokens() == s.outputTokens()));
  }

  private static boolean isEnded(Sequence.State state) {
    return state == Sequence.State.DONE || state == Sequence.State.CANCELLED;
  }

  private Sequence randomSequence(RandomGenerator random) {
    int input = 1 + random.nextInt(60);
    return new Sequence(
        input, random.nextInt(input), 1 + random.nextInt(30), log("s" + random.nextLong() + "-"));
  }

  private Sequence sequence(String name, int input, int output) {
    return new Sequence(input, 0, output, log(name));
  }

  private TokenSink log(String name) {
    return (s, now) -> tokens.add(name + s.generatedTokens() + "@" + now / MILLI);
  }

  private static void run(Replica replica) {
    while (replica.nextIterationEndsAt() != Replica.IDLE) {
      replica.completeIteration();
    }
  }

  private static Replica replica(int maxSequences, int maxBatchedTokens, int kvBlocks) {
    return new Replica(profile(maxSequences, maxBatchedTokens, kvBlocks), 1);
  }

  private static EngineProfile profile(int maxSequences, int maxBatchedTokens, int kvBlocks) {
    return new EngineProfile(
        "test", "none", "none", STEP, maxSequences, maxBatchedTokens, kvBlocks, 10_000, "test");
  }
}
