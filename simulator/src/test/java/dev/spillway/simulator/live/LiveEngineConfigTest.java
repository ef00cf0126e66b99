package dev.spillway.simulator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.ModelName;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngineConfig.ApiKey;
import org.junit.jupiter.api.Test;

class LiveEngineConfigTest {
  private static final LiveEngineConfig CONFIG =
      LiveEngineConfig.of(new ModelName("gpt-4o"), EngineCatalog.H100X4_70B);

  @Test
  void servesOneReplicaOfItsProfileToAnybodyOnLoopback() {
    assertThat(CONFIG.host()).isEqualTo("127.0.0.1");
    assertThat(CONFIG.replicas()).isEqualTo(1);
    assertThat(CONFIG.perturbation()).isZero();
    assertThat(CONFIG.provisioned()).isNull();
    assertThat(CONFIG.key()).isNull();
    assertThat(CONFIG.servedName()).isEqualTo("sim-gpt-4o");
  }

  @Test
  void refusesWhatIsOutOfBounds() {
    assertThatThrownBy(() -> CONFIG.listeningOn("127.0.0.1", 65_536))
        .hasMessage("port: 65536 (expected: 0 to 65535)");
    assertThatThrownBy(() -> CONFIG.withReplicas(0)).hasMessage("replicas: 0 (expected: >= 1)");
    assertThatThrownBy(() -> CONFIG.perturbedBy(1, 0))
        .hasMessage("perturbation: 1.0 (expected: >= 0 and < 1)");
  }

  @Test
  void neverPrintsItsKey() {
    assertThat(CONFIG.requiring(new ApiKey("secret")).toString()).doesNotContain("secret");
  }
}
