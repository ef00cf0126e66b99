package dev.spillway.wire.chat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose fault a response is that failed. */
public final class ResponseFailures {
  private static final Set<String> PROVIDERS =
      Set.of("server_error", "rate_limit_exceeded", "vector_store_timeout");

  private ResponseFailures() {}

  /**
   * Whether another deployment might answer. The other codes of the spec say what is wrong with the
   * prompt or an image in it; an error without a code is the provider's.
   */
  public static boolean isProviders(@Nullable String code) {
    return code == null || PROVIDERS.contains(code);
  }
}
