package dev.spillway.core.policy;

import static dev.spillway.core.policy.Denials.NOTHING;
import static dev.spillway.core.policy.Story.CHATGPT;
import static dev.spillway.core.policy.Story.CHICAGO;
import static dev.spillway.core.policy.Story.EU;
import static dev.spillway.core.policy.Story.GPT_4O;
import static dev.spillway.core.policy.Story.GROK_2;
import static dev.spillway.core.policy.Story.LABS;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.ORACLE;
import static dev.spillway.core.policy.Story.chat;
import static dev.spillway.core.policy.Story.compiled;
import static dev.spillway.core.policy.Story.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;
import org.junit.jupiter.api.Test;

class DenyTest {
  private static final List<String> ALL_CHAT =
      List.of("chat-home", "chat-chicago", "chat-frankfurt", "chat-nowhere");

  @Test
  void deniesATenant() {
    assertThat(left(NOTHING.tenants(CHATGPT))).isEmpty();
    assertThat(left(NOTHING.tenants(LABS))).isEqualTo(ALL_CHAT);
  }

  @Test
  void deniesAClass() {
    assertThat(left(NOTHING.classes(WorkloadClass.ONLINE_INFERENCE))).isEmpty();
    assertThat(left(NOTHING.classes(WorkloadClass.PRETRAINING))).isEqualTo(ALL_CHAT);
  }

  @Test
  void deniesAModel() {
    assertThat(left(NOTHING.models(GPT_4O))).isEmpty();
    assertThat(left(NOTHING.models(GROK_2))).isEqualTo(ALL_CHAT);
  }

  @Test
  void deniesASite() {
    assertThat(left(NOTHING.sites(CHICAGO.id())))
        .containsExactly("chat-home", "chat-frankfurt", "chat-nowhere");
  }

  @Test
  void deniesAProvider() {
    assertThat(left(NOTHING.providers(ORACLE))).containsExactly("chat-home");
  }

  @Test
  void deniesADeployment() {
    assertThat(left(NOTHING.deployments(new DeploymentId("chat-home"))))
        .containsExactly("chat-chicago", "chat-frankfurt", "chat-nowhere");
  }

  @Test
  void deniesAGeographyAndWhateverMayLieThere() {
    assertThat(left(NOTHING.geographies(EU))).containsExactly("chat-home", "chat-chicago");
  }

  @Test
  void deniesOnlyWhatMatchesEveryListThatIsGiven() {
    assertThat(left(NOTHING.providers(ORACLE).geographies(EU)))
        .containsExactly("chat-home", "chat-chicago");
    assertThat(left(NOTHING.tenants(CHATGPT).classes(WorkloadClass.PRETRAINING)))
        .isEqualTo(ALL_CHAT);
    assertThat(left(NOTHING.models(GROK_2).sites(CHICAGO.id()))).isEqualTo(ALL_CHAT);
  }

  private static List<String> left(Denials denials) {
    return names(compiled(denials.as("denied")).allowed(chat(), NOW));
  }
}
