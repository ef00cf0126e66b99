package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHAT;
import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.ORACLE;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import java.time.Duration;
import java.util.List;

/** A site of a partner with one deployment, and a tenant who may use it. */
final class TestPartner {
  private TestPartner() {}

  static Topology topology() {
    Site site =
        new Site(
            CHICAGO,
            ORACLE,
            Site.Role.PARTNER,
            new Geography("us"),
            new PlatformId("azure-ai"),
            Duration.ZERO);
    Deployment chat =
        new Deployment(
            CHAT,
            site,
            MODEL,
            null,
            new Capacity.SelfHosted(1, 64, 100_000),
            Price.FREE,
            new Speed(10, 10_000, 10, 0.1),
            100_000);
    return new Topology(new PlatformId("azure-ai"), List.of(site), List.of(chat));
  }

  static Tenant tenant(TenantId id) {
    return new Tenant(
        id,
        List.of(
            WorkloadClass.ONLINE_INFERENCE, WorkloadClass.FINE_TUNING, WorkloadClass.PRETRAINING),
        Priority.NORMAL,
        List.of(),
        List.of(),
        List.of(),
        TenantLimits.NONE);
  }
}
