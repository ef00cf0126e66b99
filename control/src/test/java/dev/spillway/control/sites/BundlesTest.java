package dev.spillway.control.sites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Geography;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.Contract;
import dev.spillway.wire.link.BundleJson;
import dev.spillway.wire.link.SignedBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlesTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Bundles bundles;

  @BeforeEach
  void putInForce() throws Exception {
    SiteKeys keys = SiteKeys.of(FileSiteStore.in(folder.resolve("links")), null, clock.instant());
    bundles = new Bundles(keys, Duration.ofHours(1), clock);
    PlatformId platform = new PlatformId("azure-ai");
    Site site =
        new Site(
            CHICAGO,
            new ProviderId("oracle"),
            Site.Role.PARTNER,
            new Geography("us"),
            platform,
            Duration.ZERO);
    bundles.put(
        new Bundles.InForce(
            new Topology(platform, List.of(site), List.of()), List.of(), Contract.EMPTY, "c1"));
  }

  @Test
  void givesOneToAllWhoHoldAnOlderOneUntilAThirdOfItsLifeIsOver() throws Exception {
    long first = version(0);

    clock.advance(Duration.ofMinutes(19));
    assertThat(version(first - 1)).isEqualTo(first);
    clock.advance(Duration.ofMinutes(2));
    assertThat(version(first - 1)).isGreaterThan(first);
  }

  @Test
  void givesANewerOneToWhoeverHoldsTheLast() throws Exception {
    long first = version(0);

    assertThat(version(first)).isGreaterThan(first);
  }

  @Test
  void givesOneAndTheSameToManyWhoHoldNone() throws Exception {
    long first = version(0);

    clock.advance(Duration.ofSeconds(4));
    assertThat(version(0)).isEqualTo(first);
  }

  /** It may have refused the last, and takes no version twice. */
  @Test
  void givesANewerOneToWhoeverStillHoldsNone() throws Exception {
    long first = version(0);

    clock.advance(Duration.ofSeconds(10));
    assertThat(version(0)).isGreaterThan(first);
  }

  private long version(long held) throws Exception {
    SignedBundle bundle = Objects.requireNonNull(bundles.bundle(CHICAGO, List.of(), held));
    return BundleJson.read(bundle.payload()).version();
  }
}
