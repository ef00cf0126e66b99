package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.NextStep;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.gateway.upstream.Upstream;

/**
 * What an attempt is.
 *
 * @param number as the dispatcher counts it
 * @param to where it is made
 * @param served what people are told of where that is
 * @param limits how long it may be silent
 * @param question what it asks for
 * @param expectedQueueMicros how long it is believed to wait there before it is read
 */
record AttemptPlan(
    int number,
    Upstream to,
    Served served,
    NextStep.Limits limits,
    Question question,
    long expectedQueueMicros) {}
