package dev.spillway.wire.dialect;

import dev.spillway.wire.json.ByteSlice;
import java.time.Instant;

/**
 * An answer whose status is not 200.
 *
 * @param status the HTTP status
 * @param headers its headers
 * @param body the beginning of its body, at most 64 KiB; may be empty
 * @param receivedAt when it came, by the wall clock, to read a date in {@code Retry-After}
 */
public record FailedAnswer(int status, HeaderLookup headers, ByteSlice body, Instant receivedAt) {}
