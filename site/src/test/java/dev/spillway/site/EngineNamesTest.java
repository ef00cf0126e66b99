package dev.spillway.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.SiteId;
import dev.spillway.core.seal.SealKey;
import dev.spillway.site.engine.EngineAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;

class EngineNamesTest {
  private static final SealKey KEY =
      SealKey.of(new byte[SealKey.BYTES]).forSite(new SiteId("oci-chicago"));

  private final EngineNames names = new EngineNames(KEY, "machine-a");
  private final EngineNames elsewhere = new EngineNames(KEY, "machine-b");

  @Test
  void isTheSameForWhateverAgentReachesItByThatAddress() {
    assertThat(names.of(address("http://engine-1:8000")))
        .isEqualTo(elsewhere.of(address("http://ENGINE-1:8000/v1/")))
        .isNotEqualTo(names.of(address("http://engine-1:8001")))
        .isNotEqualTo(names.of(address("http://engine-2:8000")));
  }

  @Test
  void tellsEnginesApartThatAreNextToTheirAgentsOnTwoMachines() {
    EngineAddress here = address("http://127.0.0.1:8000");

    assertThat(names.of(here)).isEqualTo(names.of(here)).isNotEqualTo(elsewhere.of(here));
    assertThat(EngineNames.here(KEY).of(here)).isNotEqualTo(new EngineNames(KEY, "").of(here));
  }

  @Test
  void doesNotTellTheAddress() {
    assertThat(names.of(address("http://secret-host:8000"))).matches("[A-Za-z0-9_-]{8}");
  }

  private static EngineAddress address(String url) {
    return EngineAddress.of(URI.create(url));
  }
}
