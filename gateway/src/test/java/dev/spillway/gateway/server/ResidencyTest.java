package dev.spillway.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Geography;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Topology;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResidencyTest {
  private static final PlatformId PLATFORM = new PlatformId("azure-ai");

  private final Topology topology =
      new Topology(PLATFORM, List.of(site("a", "us"), site("b", "eu"), site("c", null)), List.of());

  @Test
  void readsListsThatMeanTheSameAlike() {
    List<Geography> both = List.of(new Geography("eu"), new Geography("us"));

    assertThat(Residency.read("us, eu", topology)).isEqualTo(both);
    assertThat(Residency.read("eu,us,us,eu", topology)).isEqualTo(both);
    assertThat(Residency.read("x1,us,x2,eu", topology)).isEqualTo(both);
  }

  @Test
  void takesNowhereNotForAnywhere() {
    assertThat(Residency.read("moon,mars", topology))
        .containsExactly(new Geography("mars"), new Geography("moon"));
  }

  @Test
  void refusesWhatIsNoList() {
    assertThat(Residency.read("", topology)).isNull();
    assertThat(Residency.read("us,", topology)).isNull();
    assertThat(Residency.read("us;eu", topology)).isNull();
  }

  private static Site site(String id, @Nullable String geography) {
    return new Site(
        new SiteId(id),
        new ProviderId("microsoft"),
        Site.Role.HOME,
        geography == null ? null : new Geography(geography),
        PLATFORM,
        Duration.ofMillis(10));
  }
}
