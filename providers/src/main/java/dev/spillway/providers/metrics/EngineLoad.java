package dev.spillway.providers.metrics;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.providers.metrics.LoadMetrics.Idle;
import dev.spillway.providers.metrics.LoadMetrics.KvUse;
import java.util.List;

/** Sums the pages of all engines of one deployment. An engine is one series of {@code running}. */
final class EngineLoad {
  private final LoadMetrics metrics;
  private double running;
  private double waiting;
  private double kvUse;
  private int engines;

  EngineLoad(LoadMetrics metrics) {
    this.metrics = metrics;
  }

  /** Adds one page, or throws and adds nothing. */
  void add(String page) throws MalformedMetrics, ProviderException {
    List<Sample> samples = PrometheusText.read(page, metrics.names());
    List<Sample> series = first(samples, metrics.running());
    double runningHere = sum(series);
    double waitingHere = sum(first(samples, metrics.waiting()));
    double kvUseHere =
        switch (metrics.kvUse()) {
          case KvUse.Gauge(var names) -> sum(first(samples, names));
          case KvUse.Slots(int perEngine) -> runningHere / perEngine;
        };
    running += runningHere;
    waiting += waitingHere;
    kvUse += kvUseHere;
    engines += series.size();
  }

  boolean isEmpty() {
    return engines == 0;
  }

  EngineReport report() {
    return new EngineReport(
        (int) Math.round(running),
        (int) Math.round(waiting),
        Math.min(1, kvUse / engines),
        engines);
  }

  private List<Sample> first(List<Sample> samples, List<String> names) throws ProviderException {
    for (String name : names) {
      List<Sample> found = samples.stream().filter(s -> s.name().equals(name)).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    if (metrics.idle() == Idle.SHOWS_NOTHING) {
      return List.of(new Sample(names.getFirst(), 0));
    }
    throw new ProviderException("a metrics page without " + String.join(" or ", names));
  }

  private static double sum(List<Sample> samples) throws ProviderException {
    double sum = 0;
    for (Sample sample : samples) {
      if (!(sample.value() >= 0 && sample.value() <= Integer.MAX_VALUE)) {
        throw new ProviderException(sample.name() + ": " + sample.value() + " (expected: >= 0)");
      }
      sum += sample.value();
    }
    return Math.min(sum, Integer.MAX_VALUE);
  }
}
