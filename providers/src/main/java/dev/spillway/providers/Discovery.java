package dev.spillway.providers;

import dev.spillway.core.provider.ModelsApi;
import dev.spillway.providers.llamacpp.LlamaCppModels;
import dev.spillway.providers.models.EngineModelPages;
import dev.spillway.providers.models.ModelPages;
import dev.spillway.providers.models.OwnPage;
import dev.spillway.providers.tgi.TgiModels;
import org.jspecify.annotations.Nullable;

/** What an engine says that it serves, by the name of its kind; any has a list of models. */
public final class Discovery {
  private Discovery() {}

  /** Asks one engine. */
  public static ModelsApi of(String kind, ModelPages pages) {
    @Nullable OwnPage own =
        switch (kind) {
          case "llamacpp" -> LlamaCppModels.PAGE;
          case "tgi" -> TgiModels.PAGE;
          default -> null;
        };
    return new EngineModelPages(pages, own);
  }
}
