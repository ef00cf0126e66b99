package dev.spillway.app.assembly;

import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.gateway.Snapshot;
import java.time.Instant;

/**
 * One configuration with everything that was made of it.
 *
 * @param version the beginning of the SHA-256 of its text
 * @param loadedAt when it was made
 * @param assembly what the file says, in core's words
 * @param dispatcher decides under it
 * @param snapshot what the data plane runs on
 */
public record Generation(
    String version,
    Instant loadedAt,
    Assembly assembly,
    LiveDispatcher dispatcher,
    Snapshot snapshot) {}
