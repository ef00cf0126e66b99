package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import java.time.Duration;

/** How engines of our own are watched. */
public record EnginesConfig(
    @Key(
            value =
                "time between two looks at the metrics of a self-hosted deployment; up to 10 s where they"
                    + " cannot be read",
            otherwise = "1s",
            atLeast = "250ms",
            atMost = "1m")
        Duration pollEvery) {}
