package dev.spillway.core.model;

/**
 * What a tenant may use, at most, at the door.
 *
 * @param requestsPerMinute requests started in a minute, at least 1
 * @param tokensPerMinute input and output tokens together in a minute, at least 1
 * @param concurrency requests in flight at once, at least 1
 */
public record TenantLimits(long requestsPerMinute, long tokensPerMinute, int concurrency) {
  /** So high that nothing reaches it. */
  public static final TenantLimits NONE =
      new TenantLimits(1_000_000_000, 1_000_000_000_000L, Integer.MAX_VALUE);

  /** Checks every bound. */
  public TenantLimits {
    if (requestsPerMinute < 1 || tokensPerMinute < 1 || concurrency < 1) {
      throw new IllegalArgumentException(
          "tenant.limits: "
              + requestsPerMinute
              + ", "
              + tokensPerMinute
              + ", "
              + concurrency
              + " (expected: each >= 1)");
    }
  }
}
