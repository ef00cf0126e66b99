package dev.spillway.control.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration is in force.
 *
 * @param version the beginning of the SHA-256 of its text
 * @param loadedAt since when
 * @param lastError what is wrong with a later one that was refused; null if there is none
 */
public record ConfigStatus(String version, Instant loadedAt, @Nullable String lastError) {}
