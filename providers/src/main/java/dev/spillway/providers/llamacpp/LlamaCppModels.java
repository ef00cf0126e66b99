package dev.spillway.providers.llamacpp;

import dev.spillway.providers.models.OwnPage;
import java.util.List;

/** Where llama.cpp says what it serves. */
public final class LlamaCppModels {
  /**
   * {@code n_ctx} is what one slot has of the context, which is what a request may use; the list of
   * models tells only what the model was trained with. 0 where a router stands before the servers.
   */
  public static final OwnPage PAGE =
      new OwnPage(
          "/props",
          List.of(List.of("default_generation_settings", "n_ctx"), List.of("n_ctx")),
          null);

  private LlamaCppModels() {}
}
