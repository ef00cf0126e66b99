package dev.spillway.app.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.retry.AttemptFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationsTest {
  private static final int HOME = 0;

  private static final Map<String, String> KEYS =
      Map.of("CHATGPT_KEY", "sk-chatgpt", "XAI_KEY", "sk-xai");

  @TempDir private Path folder = Path.of("");
  private Generations generations =
      new Generations("spillway.yaml", new SecretReader(folder, KEYS));
  private String story = "";

  @BeforeEach
  void set() throws Exception {
    story = Configs.story().replace("{env: AZURE_OPENAI_KEY}", "{file: azure.key}");
    Files.writeString(folder.resolve("azure.key"), "wrong");
    generations = new Generations("spillway.yaml", new SecretReader(folder, KEYS));
  }

  @Test
  void leaveOutWhatRefusesUsAsLongAsNothingOfItChanges() throws Exception {
    Generation refused = refused(next(null, story));

    Generation same = next(refused, story.replace("units: 50", "units: 50 "));
    Generation another =
        next(same, story.replace("http://127.0.0.1:8001", "http://127.0.0.1:8003"));

    assertThat(isMisconfigured(same)).isTrue();
    assertThat(isMisconfigured(another)).isTrue();
  }

  @Test
  void putItBackAtOnceWhenItsCredentialChanges() throws Exception {
    Generation refused = refused(next(null, story));
    Files.writeString(folder.resolve("azure.key"), "right");

    assertThat(isMisconfigured(next(refused, story))).isFalse();
  }

  @Test
  void putItBackAtOnceWhenItsConfigurationChanges() throws Exception {
    Generation refused = refused(next(null, story));

    Generation mended = next(refused, story.replace("gpt-4o-ptu", "gpt-4o-provisioned"));

    assertThat(isMisconfigured(mended)).isFalse();
  }

  @Test
  void keepHowLongToLeaveAloneWhatGetsAnotherCapacityAndNotWhatMoves() throws Exception {
    Generation first = next(null, story);
    AttemptFailure full =
        new AttemptFailure(
            AttemptFailure.Kind.RATE_LIMITED, "asked home, got 429", Duration.ofMinutes(5));
    failed(first, full);
    String resized = story.replace("units: 50", "units: 60");

    assertThat(attempt(next(first, resized)).deployment()).isNotEqualTo(HOME);

    Generation moved = next(first, resized.replace("gpt-4o-ptu", "gpt-4o-other"));
    assertThat(attempt(moved).deployment()).isEqualTo(HOME);
  }

  @Test
  void changeWhatAttemptsAreAllowedAndKeepWhatWasLearnt() throws Exception {
    Generation first = next(null, story);
    NextStep.Attempt before = attempt(first);

    Generation patient = next(first, story + "\nattempts: {first-token-within: 7s}\n");

    assertThat(before.limits().firstContentNanos()).isGreaterThan(Duration.ofSeconds(4).toNanos());
    assertThat(patient.dispatcher().status(HOME, 0).inFlight()).isEqualTo(1);
    assertThat(attempt(patient).limits().firstContentNanos())
        .isLessThanOrEqualTo(Duration.ofSeconds(7).toNanos());
  }

  private Generation next(@Nullable Generation before, String text) throws Exception {
    return generations.next(before, text.getBytes(UTF_8), Configs.NOW);
  }

  /** A generation whose home has just refused our credential. */
  private static Generation refused(Generation generation) {
    failed(
        generation,
        new AttemptFailure(AttemptFailure.Kind.MISCONFIGURED, "asked home, got 401", null));
    assertThat(isMisconfigured(generation)).isTrue();
    return generation;
  }

  /** A request fails at home. */
  private static void failed(Generation generation, AttemptFailure failure) {
    Journey journey = journey(generation);
    NextStep.Attempt made = attempt(generation, journey);
    assertThat(made.deployment()).isEqualTo(HOME);
    Usage nothing = new Usage(0, 0, 0, Usage.Source.ESTIMATED);
    generation.dispatcher().failed(journey, made.number(), failure, nothing, 0);
    generation.dispatcher().left(journey, 0);
  }

  private static NextStep.Attempt attempt(Generation generation) {
    return attempt(generation, journey(generation));
  }

  private static NextStep.Attempt attempt(Generation generation, Journey journey) {
    generation.dispatcher().admit(journey, 0);
    NextStep step = generation.dispatcher().next(journey, 0);
    assertThat(step).isInstanceOf(NextStep.Attempt.class);
    return (NextStep.Attempt) step;
  }

  private static Journey journey(Generation generation) {
    Tenant tenant = generation.assembly().tenant("chatgpt").orElseThrow();
    Instant now = Configs.NOW;
    return new Journey(
        new Ask(tenant.id(), WorkloadClass.ONLINE_INFERENCE, new ModelName("gpt-4o"), List.of()),
        tenant,
        Objective.DEFAULT,
        new RequestShape(100, 50, 0, RequestShape.Answer.STREAMED),
        0,
        now.getEpochSecond(),
        Objective.DEFAULT.deadline().toNanos());
  }

  private static boolean isMisconfigured(Generation generation) {
    return generation.dispatcher().status(HOME, 0).misconfigured();
  }
}
