package dev.spillway.core.policy;

import static dev.spillway.core.policy.Story.HOME;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.chat;
import static dev.spillway.core.policy.Story.compiled;
import static dev.spillway.core.policy.Story.heading;
import static dev.spillway.core.policy.Story.names;
import static dev.spillway.core.policy.Story.pretraining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.WorkloadClass;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompiledPolicyTest {
  private static final List<String> ALL_CHAT =
      List.of("chat-home", "chat-chicago", "chat-frankfurt", "chat-nowhere");

  @Test
  void anEmptyContractAllowsWhatServesTheModel() {
    assertThat(names(compiled().allowed(chat(), NOW))).isEqualTo(ALL_CHAT);
  }

  @Test
  void aClassRunsAtItsSitesOnly() {
    var placement =
        new Clause.WorkloadPlacement(
            heading("pretraining-home"), WorkloadClass.PRETRAINING, List.of(HOME.id()));

    var policy = compiled(placement);

    assertThat(names(policy.allowed(pretraining(), NOW))).containsExactly("chat-home");
    assertThat(names(policy.allowed(chat(), NOW))).isEqualTo(ALL_CHAT);
  }
}
