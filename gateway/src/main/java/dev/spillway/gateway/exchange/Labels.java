package dev.spillway.gateway.exchange;

import dev.spillway.gateway.telemetry.RequestRecord.Served;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says of how it came about.
 *
 * @param decisionId by which {@code explain} finds the decisions
 * @param served who answers; null if nobody does
 */
public record Labels(String decisionId, @Nullable Served served) {}
