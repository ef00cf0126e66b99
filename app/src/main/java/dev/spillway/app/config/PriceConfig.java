package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.Price;
import org.jspecify.annotations.Nullable;

/** What a deployment costs. */
public record PriceConfig(
    @Key(value = "input tokens", otherwise = "0 USD/1M") TokenPrice input,
    @Key("input tokens found in the provider's prefix cache; as input if not said")
        @Nullable TokenPrice cachedInput,
    @Key(value = "output tokens", otherwise = "0 USD/1M") TokenPrice output,
    @Key(
            value = "one prepaid unit for an hour, used or not",
            otherwise = "0 USD",
            atLeast = "0 USD")
        NanoUsd perUnitHour) {
  /** In core's words. */
  public Price toPrice() {
    return new Price(
        input.nanoUsdPerMillion(),
        cachedInput == null ? input.nanoUsdPerMillion() : cachedInput.nanoUsdPerMillion(),
        output.nanoUsdPerMillion(),
        perUnitHour.amount());
  }
}
