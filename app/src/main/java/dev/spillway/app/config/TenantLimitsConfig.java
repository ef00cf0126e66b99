package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.TenantLimits;
import org.jspecify.annotations.Nullable;

/** The most a tenant may use; what is not said is not limited. */
public record TenantLimitsConfig(
    @Key(value = "requests started in a minute", atLeast = "1") @Nullable Long requestsPerMinute,
    @Key(value = "input and output tokens in a minute", atLeast = "1")
        @Nullable Long tokensPerMinute,
    @Key(value = "requests in flight at once", atLeast = "1") @Nullable Integer concurrency) {
  /** In core's words. */
  public TenantLimits toLimits() {
    TenantLimits none = TenantLimits.NONE;
    return new TenantLimits(
        requestsPerMinute == null ? none.requestsPerMinute() : requestsPerMinute,
        tokensPerMinute == null ? none.tokensPerMinute() : tokensPerMinute,
        concurrency == null ? none.concurrency() : concurrency);
  }
}
