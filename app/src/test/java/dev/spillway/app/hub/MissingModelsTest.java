package dev.spillway.app.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.ServedModels;
import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.routing.Presence;
import dev.spillway.wire.link.Serves;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MissingModelsTest {
  private static final Logger LOG = Logger.getLogger(MissingModels.class.getName());
  private static final String HOME = "deployment chat-home at azure-eastus2 is asked for model ";

  private final MissingModels missing = new MissingModels();
  private final Lines lines = new Lines();
  private Deployment deployment;

  @BeforeEach
  void listen() throws Exception {
    deployment = Configs.assemble(Configs.story()).topology().deployments().getFirst();
    LOG.addHandler(lines);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(lines);
    LOG.setUseParentHandlers(true);
  }

  @Test
  void warnsOnceForEachChangeAndSaysWhenItIsOver() {
    look("gpt-4o", List.of("llama", "qwen"), 0);
    look("gpt-4o", List.of("qwen", "llama"), 0);
    look("gpt-4o", List.of("mistral"), 0);
    look("gpt-5", List.of("mistral"), 0);
    look("gpt-5", List.of("mistral", "gpt-5"), 0);
    look("gpt-5", List.of("gpt-5"), 0);

    String mayRefuse =
        ": they may refuse it (expected: upstream-model is a name that all of them have)";
    assertThat(lines.texts)
        .containsExactly(
            "WARNING " + HOME + "gpt-4o, and its engines serve llama, qwen" + mayRefuse,
            "WARNING " + HOME + "gpt-4o, and its engines serve mistral" + mayRefuse,
            "WARNING " + HOME + "gpt-5, and its engines serve mistral" + mayRefuse,
            "INFO " + HOME + "gpt-5, and its engines serve it");
  }

  @Test
  void takesSilenceForNoChange() {
    look("gpt-4o", List.of("llama"), 0);
    look("gpt-4o", null, 0);
    look("gpt-4o", List.of("llama"), 0);

    assertThat(lines.texts).hasSize(1);
  }

  @Test
  void warnsOfEnginesThatHaveNothingInCommonAndNotOfThoseWhoMayHaveIt() {
    look("gpt-4o", List.of(), 0);
    assertThat(lines.texts).hasSize(1).first().asString().contains("none under a name that all");

    look("gpt-4o", List.of("llama"), 5);
    assertThat(lines.texts).as("what else they have is not known").hasSize(1);
  }

  @Test
  void saysNothingOfOneThatNoAgentServes() {
    missing.look(List.of(view(null)));

    assertThat(lines.texts).isEmpty();
  }

  private void look(String expected, @Nullable List<String> models, int more) {
    missing.look(List.of(view(new ServedModels(expected, new Serves(0, models, more)))));
  }

  private DeploymentView view(@Nullable ServedModels served) {
    return new DeploymentView(
        deployment,
        new DeploymentStatus(
            deployment.id(),
            0,
            0,
            0,
            BreakerState.CLOSED,
            AdmissionState.NEW_AND_EXISTING,
            0,
            1_000,
            1,
            List.of(),
            Presence.PRESENT,
            131_072),
        served);
  }

  private static final class Lines extends Handler {
    final List<String> texts = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      String text = MessageFormat.format(line.getMessage(), line.getParameters());
      texts.add(line.getLevel() + " " + text);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
