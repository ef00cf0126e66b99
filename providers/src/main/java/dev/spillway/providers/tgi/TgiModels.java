package dev.spillway.providers.tgi;

import dev.spillway.providers.models.OwnPage;
import java.util.List;

/** Where Text Generation Inference says what it serves; earlier versions have no list of models. */
public final class TgiModels {
  /** {@code max_total_tokens} is input and output together. */
  public static final OwnPage PAGE =
      new OwnPage("/info", List.of(List.of("max_total_tokens")), "model_id");

  private TgiModels() {}
}
