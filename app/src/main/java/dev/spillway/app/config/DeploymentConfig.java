package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.app.yaml.Retired;
import dev.spillway.core.model.Accelerator;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.wire.dialect.UpstreamTarget;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model at one site, and how it is reached. */
@Retired(key = "link", advice = "url: site agents are not in this version")
public record DeploymentConfig(
    @Key("where it runs") SiteId site,
    @Key("what clients ask for") ModelName model,
    @Key("how its API differs from ours, such as azure-openai, openai or vllm") String dialect,
    @Key("where its API is, without the path of an operation") URI url,
    @Key("what the provider calls the model; model if it is the same")
        @Nullable String upstreamModel,
    @Key("the version of the provider's API to ask for") @Nullable String apiVersion,
    @Key("metrics pages of its engines; /metrics at the url's host if not said") List<URI> metrics,
    @Key("what it is reached with; none if it asks for none") @Nullable SecretSource credential,
    @Key("the chip it runs on; says how fast it is believed to be before anything is measured")
        @Nullable Accelerator accelerator,
    @Key("how it is paid for and limited") CapacityConfig capacity,
    @Key(value = "what it costs; nothing if nothing is said", otherwise = "{}") PriceConfig price,
    @Key("how fast a replica is believed to be, instead of the accelerator's table")
        @Nullable SpeedConfig speed,
    @Key(value = "longest input and output together, tokens", otherwise = "131072", atLeast = "1")
        int contextTokens,
    @Key(
            value = "how its engine takes waiting requests; priority if it was started so",
            otherwise = "arrival")
        UpstreamTarget.EngineOrder engineOrder) {}
