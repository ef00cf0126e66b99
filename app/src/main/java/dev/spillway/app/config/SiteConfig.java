package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One provider's region where deployments run. */
public record SiteConfig(
    @Key("who owns the machines") ProviderId provider,
    @Key("whether it is the platform's own or a partner's") Site.Role role,
    @Key("where it is, in the contract's words; without it every residency refuses it")
        @Nullable Geography geography,
    @Key(value = "the platform under which it serves, on machines of another", named = "extends")
        @Nullable PlatformId extendsPlatform,
    @Key(
            value = "network time there and back, until it is measured",
            otherwise = "10ms",
            atLeast = "0ms",
            atMost = "10s")
        Duration roundTrip) {
  /** The site of this name. */
  public Site named(SiteId id) {
    return new Site(id, provider, role, geography, extendsPlatform, roundTrip);
  }
}
