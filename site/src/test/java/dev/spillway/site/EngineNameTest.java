package dev.spillway.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.site.engine.EngineAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;

class EngineNameTest {
  @Test
  void isTheSameForWhateverAgentReachesItByThatAddress() {
    assertThat(EngineName.of(address("http://engine-1:8000")))
        .isEqualTo(EngineName.of(address("http://ENGINE-1:8000/v1/")))
        .isNotEqualTo(EngineName.of(address("http://engine-1:8001")))
        .isNotEqualTo(EngineName.of(address("http://engine-2:8000")));
  }

  @Test
  void tellsEnginesApartThatAreNextToTheirAgentsOnTwoMachines() {
    EngineAddress here = address("http://127.0.0.1:8000");

    assertThat(EngineName.of(here, "a")).isNotEqualTo(EngineName.of(here, "b"));
    assertThat(EngineName.of(here))
        .isEqualTo(EngineName.of(here))
        .isNotEqualTo(EngineName.of(here, ""));
  }

  @Test
  void doesNotTellTheAddress() {
    assertThat(EngineName.of(address("http://secret-host:8000"))).matches("[0-9a-f]{16}");
  }

  private static EngineAddress address(String url) {
    return EngineAddress.of(URI.create(url));
  }
}
