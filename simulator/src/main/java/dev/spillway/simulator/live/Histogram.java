package dev.spillway.simulator.live;

/** Counts by upper bound, as Prometheus wants them. Not thread-safe. */
final class Histogram {
  private final double[] bounds;
  private final long[] counts;
  private double sum;

  /** Bounds in rising order; one without end is added. */
  Histogram(double... bounds) {
    this.bounds = bounds.clone();
    this.counts = new long[bounds.length + 1];
  }

  void record(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    sum += value;
  }

  void write(MetricsPage page, String name, String labels) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
      page.sample(name + "_bucket", labels + ",le=\"" + bound + "\"", total);
    }
    page.sample(name + "_sum", labels, sum);
    page.sample(name + "_count", labels, total);
  }
}
