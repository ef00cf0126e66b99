package dev.spillway.simulator.report;

import java.time.Duration;

/**
 * What each request of a load is held to.
 *
 * @param ttft time to first token
 * @param tpot mean time per output token
 */
public record ReportObjective(Duration ttft, Duration tpot) {}
