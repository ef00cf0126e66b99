package dev.spillway.app.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.providers.Dialects;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AssemblerTest {
  @Test
  void namesWhatNothingHasWithItsLine() throws IOException {
    String text =
        Configs.story()
            .replace("site: azure-eastus2", "site: azure-eastus")
            .replace("dialect: azure-openai", "dialect: azure")
            .replace("gpt-4o-2024-08-06: gpt-4o", "gpt-4o-2024-08-06: gpt-5");

    assertThat(Configs.problems(text))
        .containsExactly(
            "spillway.yaml:%d: deployments.chat-home.site: 'azure-eastus' (expected: one of azure-eastus2, oci-chicago)"
                .formatted(line(text, "site: azure-eastus")),
            "spillway.yaml:%d: deployments.chat-home.dialect: 'azure' (expected: one of %s)"
                .formatted(line(text, "dialect: azure"), String.join(", ", Dialects.names())),
            "spillway.yaml:%d: aliases.gpt-4o-2024-08-06: 'gpt-5' (expected: one of gpt-4o, grok-2)"
                .formatted(line(text, "gpt-4o-2024-08-06: gpt-5")));
  }

  @Test
  void namesClausesThatCannotBeMeantWithTheirLines() throws IOException {
    String text =
        Configs.story()
            .replace("platforms: azure-ai, from", "platforms: azure-al, from")
            .replace("tenants: xai}", "tenants: []}")
            .replace("spend: 2000000 USD, ", "");

    assertThat(Configs.problems(text))
        .containsExactly(
            "spillway.yaml:%d: contract.models-exclusive.platforms: azure-al (expected: one of azure-ai)"
                .formatted(line(text, "models-exclusive:")),
            "spillway.yaml:%d: contract.xai-apart.tenants: none (expected: at least one)"
                .formatted(line(text, "xai-apart:")),
            "spillway.yaml:%d: contract.oracle-cap: limits nothing (expected: spend, share or both)"
                .formatted(line(text, "oracle-cap:")));
  }

  @Test
  void refusesRivalsThatCouldMeetAndSaysWhichClauseIsMissing() throws IOException {
    String text =
        Configs.story()
            .lines()
            .filter(line -> !line.contains("xai-apart"))
            .map(line -> line.replace("models: grok-2", "models: [grok-2, gpt-4o]"))
            .reduce("", (all, line) -> all + line + "\n");

    assertThat(Configs.problems(text))
        .hasSize(2)
        .allSatisfy(problem ->
            assertThat(problem)
                .startsWith(
                    "spillway.yaml:%d: tenants.xai.rivals: "
                        .formatted(line(text, "rivals: chatgpt")))
                .contains("xai and its rival chatgpt", "kind: isolation"));
  }

  @Test
  void refusesATenantThatIsItsOwnRival() throws IOException {
    String text = Configs.story().replace("rivals: chatgpt", "rivals: xai");

    assertThat(Configs.problems(text))
        .containsExactly(
            "spillway.yaml:%d: tenants.xai.rivals: xai itself (expected: other tenants)"
                .formatted(line(text, "rivals: xai")));
  }

  @Test
  void refusesAnAliasThatHidesAModel() throws IOException {
    String text = Configs.story().replace("gpt-4o-2024-08-06: gpt-4o", "grok-2: gpt-4o");

    assertThat(Configs.problems(text))
        .singleElement()
        .asString()
        .contains("aliases.grok-2: the name of a model");
  }

  @Test
  void takesFromTheTableWhatIsNotSaid() throws Exception {
    Deployment partner = Configs.assemble(Configs.story()).topology().deployments().get(1);

    assertThat(partner.capacity()).isEqualTo(new Capacity.SelfHosted(4, 256, 28_200 * 16));
    assertThat(partner.speed().prefillTokensPerSecond()).isCloseTo(11_558, within(1.0));
    assertThat(partner.speed().decodeMillis()).isCloseTo(15.47, within(0.01));
    assertThat(partner.speed().decodeMillisPerSequence()).isCloseTo(0.069, within(0.001));
  }

  @Test
  void prefersWhatIsSaidToTheTable() throws Exception {
    String text =
        Configs.story()
            .replace(
                "capacity: {kind: self-hosted, replicas: 4}",
                "capacity: {kind: self-hosted, replicas: 4, sequences-per-replica: 8,"
                    + " kv-tokens-per-replica: 1000}\n"
                    + "    speed: {base: 5ms, prefill-tokens-per-second: 900, decode: 7ms,"
                    + " decode-per-sequence: 0.5ms}");

    Deployment partner = Configs.assemble(text).topology().deployments().get(1);

    assertThat(partner.capacity()).isEqualTo(new Capacity.SelfHosted(4, 8, 1_000));
    assertThat(partner.speed()).isEqualTo(new Speed(5, 900, 7, 0.5));
  }

  @Test
  void refusesAnAcceleratorOfWhichItKnowsNothing() throws IOException {
    String text = Configs.story().replaceFirst("accelerator: h100", "accelerator: abacus");

    assertThat(Configs.problems(text))
        .singleElement()
        .asString()
        .startsWith(
            "spillway.yaml:%d: deployments.chat-oci.accelerator: 'abacus' is not in the table"
                .formatted(line(text, "abacus")))
        .contains("sequences-per-replica");
  }

  @Test
  void takesAnUnknownAcceleratorOfWhichEverythingIsSaid() throws Exception {
    String text =
        Configs.story()
            .replaceFirst("accelerator: h100", "accelerator: abacus")
            .replace(
                "replicas: 4}",
                "replicas: 4, sequences-per-replica: 8, kv-tokens-per-replica: 1000}\n"
                    + "    speed: {base: 5ms, prefill-tokens-per-second: 900, decode: 7ms}");

    assertThat(Configs.assemble(text).topology().deployments().get(1).accelerator())
        .hasToString("abacus");
  }

  @Test
  void holdsAClassThatNobodySpeaksOfToTheDefaults() throws Exception {
    Assembly story = Configs.assemble(Configs.story().replace("tpot: 60ms", "tpot: 30ms"));

    assertThat(story.objective(WorkloadClass.ONLINE_INFERENCE).tpot())
        .isEqualTo(Duration.ofMillis(30));
    assertThat(story.objective(WorkloadClass.BATCH_INFERENCE)).isEqualTo(Objective.DEFAULT);
  }

  @Test
  void refusesAHashWhereTheSecretItselfIsNeeded() throws IOException {
    String text =
        Configs.story().replace("{env: AZURE_OPENAI_KEY}", "{sha256: " + "0".repeat(64) + "}");

    assertThat(Configs.problems(text))
        .first()
        .asString()
        .contains(
            "deployments.chat-home.credential.***: unknown key (expected: one of command, env, file)");
  }

  private static int line(String text, String part) {
    return Arrays.asList(text.split("\n")).stream()
            .takeWhile(each -> !each.contains(part))
            .toList()
            .size()
        + 1;
  }
}
