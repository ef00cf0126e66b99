package dev.spillway.site.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.site.prefix.PromptReader;
import dev.spillway.wire.link.Serves;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServedDeploymentTest {
  private static final DeploymentId CHAT = new DeploymentId("chat-oci");
  private static final TenantId TENANT = new TenantId("t1");
  private static final TenantId OTHER = new TenantId("t2");
  private static final EngineReport IDLE = new EngineReport(0, 0, 0, 1);
  private static final long INPUT = 4_000;
  private static final int BYTES_PER_TOKEN = 4;

  private final PromptReader reader = new PromptReader();
  private final List<Replica> replicas = new ArrayList<>();
  private ServedDeployment deployment;
  private long now = 1_000_000_000L;

  @BeforeEach
  void threeEngines() {
    for (int i = 0; i < 3; i++) {
      replicas.add(new Replica(new EngineAddress("engine-" + i, 8_000, "/v1"), "mark-" + i));
    }
    deployment = new ServedDeployment(CHAT, replicas, Prefixes.OF_A_TENANT, 10_000);
    probeAll();
  }

  @Test
  void goesWhereItsBeginningIsHeld() {
    Choice first = served(TENANT, "conversation");
    served(TENANT, "another");
    served(TENANT, "a third");

    Choice next = choose(TENANT, "conversation");

    assertThat(next.replica()).isEqualTo(first.replica());
    assertThat(next.heldTokens()).isGreaterThan(INPUT * 9 / 10).isLessThanOrEqualTo(INPUT);
  }

  @Test
  void spreadsConversationsThatAreNew() {
    List<Replica> used = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      used.add(served(TENANT, "conversation " + i).replica());
    }

    assertThat(used).containsExactlyInAnyOrderElementsOf(replicas);
  }

  @Test
  void goesElsewhereOnceTheQueueIsLongerThanWhatIsHeldSaves() {
    Choice first = served(TENANT, "conversation");
    fill(first.replica(), INPUT - 500);
    assertThat(choose(TENANT, "conversation").replica()).isEqualTo(first.replica());

    fill(first.replica(), 1_000);

    Choice next = choose(TENANT, "conversation");
    assertThat(next.replica()).isNotEqualTo(first.replica());
    assertThat(next.heldTokens()).isZero();
  }

  @Test
  void takesNoMoreThanItsShareOfWhatIsUnderWayWhateverItHolds() {
    Choice first = served(TENANT, "one beginning for all");
    int[] sent = new int[3];
    for (int i = 0; i < 90; i++) {
      Choice each = choose(TENANT, "one beginning for all");
      begin(each);
      sent[replicas.indexOf(each.replica())]++;
    }

    assertThat(sent[replicas.indexOf(first.replica())]).isBetween(30, 38);
    for (int each : sent) {
      assertThat(each).isBetween(15, 38);
    }
  }

  @Test
  void keepsAFewTogetherThoughOthersAreIdle() {
    Choice first = served(TENANT, "one beginning for all");
    for (int i = 0; i < 8; i++) {
      Choice each = choose(TENANT, "one beginning for all");
      assertThat(each.replica()).isEqualTo(first.replica());
      begin(each);
    }

    assertThat(choose(TENANT, "one beginning for all").replica()).isNotEqualTo(first.replica());
  }

  @Test
  void forgetsWhatAnEngineHeldThatWasLost() {
    Choice first = served(TENANT, "conversation");

    first.replica().lost();

    assertThat(choose(TENANT, "conversation").heldTokens()).isZero();
  }

  @Test
  void goesToNoEngineThatAnswersNoProbesThoughItHoldsTheBeginning() {
    Choice first = served(TENANT, "conversation");
    now += 6_000_000_000L;
    replicas.stream()
        .filter(each -> !each.equals(first.replica()))
        .forEach(each -> each.probed(IDLE, now));

    Choice next = choose(TENANT, "conversation");

    assertThat(next.replica()).isNotEqualTo(first.replica());
  }

  @Test
  void goesToNoEngineThatTookNoConnectionUntilItAnswersAProbe() {
    Replica dead = replicas.getFirst();
    replicas.stream().skip(1).forEach(each -> fill(each, INPUT));
    dead.gone(now);
    assertThat(choose(TENANT, "new").replica()).isNotEqualTo(dead);

    dead.probed(IDLE, now);

    assertThat(choose(TENANT, "newer").replica()).isEqualTo(dead);
  }

  @Test
  void takesAProbeForOldThatWasAnsweredBeforeNoConnectionWasTaken() {
    Replica dead = replicas.getFirst();
    long answered = now++;

    dead.gone(now);
    dead.probed(IDLE, answered);

    assertThat(dead.probeAgeMillis(now)).isNegative();
  }

  @Test
  void knowsNoOtherEngineThanOneThatAnswersProbes() {
    Choice tried = choose(TENANT, "conversation");
    assertThat(another(tried))
        .isNotNull()
        .extracting(Choice::replica)
        .isNotEqualTo(tried.replica());

    replicas.forEach(each -> each.gone(now));

    assertThat(another(tried)).isNull();
  }

  @Test
  void goesWhereItsBeginningIsHeldIfNoneAnswersProbes() {
    Choice first = served(TENANT, "conversation");
    now += 6_000_000_000L;

    assertThat(choose(TENANT, "conversation").replica()).isEqualTo(first.replica());
  }

  @Test
  void showsNoTenantWhatAnotherSent() {
    served(TENANT, "the same words");

    assertThat(choose(OTHER, "the same words").heldTokens()).isZero();
    assertThat(choose(TENANT, "the same words").heldTokens()).isPositive();
  }

  @Test
  void knowsBeginningsOfAllTenantsWhereTheyAreShared() {
    deployment = new ServedDeployment(CHAT, replicas, Prefixes.SHARED, 10_000);
    Choice first = served(TENANT, "the same words");

    Choice next = choose(OTHER, "the same words");

    assertThat(next.replica()).isEqualTo(first.replica());
    assertThat(next.heldTokens()).isPositive();
  }

  @Test
  void saltsEachTenantAnewInEachDeployment() {
    ServedDeployment other = new ServedDeployment(CHAT, replicas, Prefixes.OF_A_TENANT, 10_000);

    assertThat(
            Set.of(
                deployment.salt(TENANT),
                deployment.salt(OTHER),
                other.salt(TENANT),
                other.salt(OTHER)))
        .hasSize(4);
    assertThat(deployment.salt(TENANT)).isEqualTo(deployment.salt(TENANT));
  }

  @Test
  void countsAsAheadOnlyWhatAnEngineHasToRead() {
    Choice first = served(TENANT, "conversation");

    choose(TENANT, "conversation").taken(Reading.SEEN, now);

    assertThat(first.replica().tokensAhead(10_000, now)).isPositive();
    assertThat(first.replica().tokensAhead(10_000, now)).isLessThan(INPUT / 10);
  }

  @Test
  void learnsTheRateOnlyFromPromptsThatHadToBeRead() {
    deployment = new ServedDeployment(CHAT, replicas, Prefixes.OF_A_TENANT, 0);
    deployment.learn(INPUT, INPUT - 10, 1_000_000);
    deployment.learn(INPUT, INPUT / 2, 1_000_000);
    assertThat(deployment.state(now).prefillTokensPerSecond()).isZero();

    deployment.learn(INPUT, INPUT / 5, 1_000_000_000L);

    assertThat(deployment.state(now).prefillTokensPerSecond()).isEqualTo(INPUT - INPUT / 5);
  }

  @Test
  void tellsWhatAllEnginesThatAnswerServe() {
    replicas.get(0).serves(new EngineModels(List.of("gpt-4o", "legal"), 32_768));
    replicas.get(1).serves(new EngineModels(List.of("gpt-4o"), 131_072));
    replicas.get(2).serves(new EngineModels(List.of("llama"), 8_192));
    now += 6_000_000_000L;
    replicas.get(0).probed(IDLE, now);
    replicas.get(1).probed(IDLE, now);
    assertThat(deployment.state(now).serves())
        .as("one was silent for six seconds")
        .isEqualTo(new Serves(32_768, List.of("gpt-4o"), 0));

    probeAll();

    assertThat(deployment.state(now).serves()).isEqualTo(new Serves(8_192, List.of(), 0));
  }

  @Test
  void tellsNothingOfWhatNoEngineSays() {
    assertThat(deployment.state(now).serves()).isEqualTo(Serves.UNKNOWN);
  }

  private @Nullable Choice another(Choice tried) {
    return deployment.another(tried.replica(), tried.prefix(), INPUT, now);
  }

  private Choice choose(TenantId tenant, String words) {
    now++;
    return deployment.choose(prefix(deployment.salt(tenant), words), INPUT, now);
  }

  private Choice served(TenantId tenant, String words) {
    Choice choice = choose(tenant, words);
    choice.taken(Reading.SEEN, now);
    choice.read();
    choice.replica().ended();
    return choice;
  }

  /** It was read, and is being answered. */
  private void begin(Choice choice) {
    choice.taken(Reading.SEEN, now);
    choice.read();
  }

  private void fill(Replica replica, long tokens) {
    replica.sent(PromptPrefix.NONE, now);
    replica.reads(tokens);
  }

  private void probeAll() {
    replicas.forEach(each -> each.probed(IDLE, now));
  }

  private PromptPrefix prefix(long salt, String words) {
    String text = (words + " ").repeat((int) (INPUT * BYTES_PER_TOKEN / (words.length() + 1)));
    return reader.read(Unpooled.copiedBuffer("{\"prompt\":\"" + text + "\"}", UTF_8), salt);
  }
}
