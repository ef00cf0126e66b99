package dev.spillway.app.parity;

import dev.spillway.core.dispatch.Dispatcher;

/** The script's time beside a live gateway; engines report at every whole second it passes. */
final class ScriptedClock {
  private static final long SECOND = 1_000_000_000;

  private final Script script;
  private final Dispatcher dispatcher;
  private final int deployments;
  private long nowNanos;
  private long nextReportNanos = SECOND;

  ScriptedClock(Script script, Dispatcher dispatcher, int deployments) {
    this.script = script;
    this.dispatcher = dispatcher;
    this.deployments = deployments;
  }

  long nowNanos() {
    return nowNanos;
  }

  long nextReportNanos() {
    return nextReportNanos;
  }

  void advanceTo(long nanos) {
    while (nextReportNanos <= nanos) {
      nowNanos = nextReportNanos;
      nextReportNanos += SECOND;
      for (int i = 0; i < deployments; i++) {
        int deployment = i;
        script
            .report(i, nowNanos)
            .ifPresent(report -> dispatcher.report(deployment, report, nowNanos));
      }
    }
    nowNanos = Math.max(nowNanos, nanos);
  }
}
