package dev.spillway.app.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** How long stamped events took from the engine to their client. */
final class Delays {
  private final long[] sortedNanos;

  private Delays(long[] sortedNanos) {
    this.sortedNanos = sortedNanos;
  }

  /** Of streams that must all be whole, with so many events each. */
  static Delays of(List<Asking.Stream> streams, int events) {
    for (Asking.Stream each : streams) {
      Asking.Said said = each.said();
      assertThat(said.whole()).as(said.toString()).isTrue();
      assertThat(each.delaysNanos()).hasSize(events);
    }
    return new Delays(
        streams.stream()
            .flatMap(each -> each.delaysNanos().stream())
            .mapToLong(Long::longValue)
            .sorted()
            .toArray());
  }

  double millis(double share) {
    int at = (int) Math.min(sortedNanos.length - 1, Math.floor(sortedNanos.length * share));
    return sortedNanos[at] / 1e6;
  }
}
