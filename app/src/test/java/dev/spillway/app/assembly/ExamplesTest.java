package dev.spillway.app.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.DeploymentSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Configs.examples())) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void canBePutInForce(Path file) throws Exception {
    Assembly assembly = Configs.assemble(Files.readString(file));

    assertThat(assembly.tenants()).isNotEmpty();
  }

  @Test
  void haveAnAgentsFileThatServesTheHubs() throws Exception {
    Path folder = Configs.examples().resolve("site-agent");
    Assembly hub = Configs.assemble(Files.readString(folder.resolve("spillway.yaml")));
    SiteAgentConfig site =
        ConfigFile.readSite("site.yaml", Files.readAllBytes(folder.resolve("site.yaml"))).value();

    assertThat(site.deployments().keySet())
        .allSatisfy(id -> assertThat(hub.said(id).site()).isEqualTo(site.site()))
        .allSatisfy(id -> assertThat(hub.said(id).link()).isNotNull());
  }

  @Test
  void tellTheStory() throws Exception {
    Assembly story = Configs.assemble(Configs.story());

    assertThat(story.topology().deployments())
        .extracting(deployment -> deployment.id().value())
        .containsExactly("chat-home", "chat-oci", "chat-oci-xai");
    assertThat(allowed(story, "chatgpt", WorkloadClass.ONLINE_INFERENCE, "gpt-4o"))
        .containsExactly("chat-home", "chat-oci");
    assertThat(allowed(story, "labs", WorkloadClass.PRETRAINING, "gpt-4o"))
        .containsExactly("chat-home");
    assertThat(allowed(story, "xai", WorkloadClass.ONLINE_INFERENCE, "grok-2"))
        .containsExactly("chat-oci-xai");
  }

  @Test
  void areReadToTheLastUnit() throws Exception {
    Assembly story = Configs.assemble(Configs.story());

    var home = story.topology().deployments().get(0);
    assertThat(home.capacity()).isEqualTo(new Capacity.Provisioned(50, 2_500, 4));
    assertThat(home.price()).isEqualTo(new Price(0, 0, 0, 1_000_000_000));
    var partner = story.topology().deployments().get(1);
    assertThat(partner.id()).isEqualTo(new DeploymentId("chat-oci"));
    assertThat(partner.price())
        .isEqualTo(new Price(2_500_000_000L, 1_250_000_000L, 10_000_000_000L, 0));
    assertThat(story.model(new ModelName("gpt-4o-2024-08-06"))).hasToString("gpt-4o");
  }

  private static List<String> allowed(
      Assembly assembly, String tenant, WorkloadClass workload, String model) {
    Ask ask = new Ask(new TenantId(tenant), workload, new ModelName(model), List.of());
    DeploymentSet set = assembly.policy().allowed(ask, Configs.NOW.getEpochSecond());
    return assembly.topology().deployments().stream()
        .map(deployment -> deployment.id())
        .filter(id -> set.contains(assembly.topology().indexOf(id).orElseThrow()))
        .map(DeploymentId::value)
        .toList();
  }
}
