package dev.spillway.app.config;

import static java.util.Objects.requireNonNull;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.Accelerator;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.wire.dialect.UpstreamTarget;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model at one site, and how it is reached. */
public record DeploymentConfig(
    @Key("where it runs") SiteId site,
    @Key("what clients ask for") ModelName model,
    @Key(
            "how its API differs from ours: openai, azure-openai, vllm, sglang or llamacpp; only the"
                + " last three are asked to go on with chat that broke off elsewhere")
        String dialect,
    @Key("where its API is, without the path of an operation; not with link") @Nullable URI url,
    @Key("site-agent if it is reached by the links of its site's agent, instead of a url")
        @Nullable Link link,
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
    @Key(
            value =
                "longest input and output together, tokens; less where a site's engines say less",
            otherwise = "131072",
            atLeast = "1")
        int contextTokens,
    @Key(
            value = "how its engine takes waiting requests; priority if it was started so",
            otherwise = "arrival")
        UpstreamTarget.EngineOrder engineOrder) {
  /** Refuses one that nothing leads to, or two ways. */
  public DeploymentConfig {
    if ((url == null) == (link == null)) {
      throw new IllegalArgumentException(
          "url, link: " + (url == null ? "neither" : "both") + " (expected: one of them)");
    }
  }

  /** Where it is, if a url leads there. */
  public URI address() {
    return requireNonNull(url, "reached by links only");
  }

  /** What it is asked for. */
  public String modelThere() {
    return upstreamModel == null ? model.value() : upstreamModel;
  }

  /** Another way than a url. */
  public enum Link {
    /** The agent at its site dials this hub. */
    SITE_AGENT
  }
}
