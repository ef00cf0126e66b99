package dev.spillway.simulator.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One of the four vLLM runs in {@code data/vllm-runs}: what was asked of a real engine, when, and
 * when it answered.
 *
 * @param requests in the order of submission
 */
record RecordedRun(String name, List<Request> requests) {
  private static final Path RUNS = Path.of("..", "data", "vllm-runs");
  private static final double NANOS_PER_SECOND = 1e9;

  /** One recorded request: tokens, and seconds on the run's clock. */
  record Request(
      int inputTokens,
      int sharedPrefixTokens,
      int outputTokens,
      double queued,
      double firstToken,
      double lastToken) {
    Latency latency() {
      return new Latency(firstToken - queued, (lastToken - firstToken) / (outputTokens - 1));
    }

    Latency answered(long firstNanos, long lastNanos) {
      double decode = (lastNanos - firstNanos) / NANOS_PER_SECOND;
      return new Latency(firstNanos / NANOS_PER_SECOND - queued, decode / (outputTokens - 1));
    }
  }

  /** Time to first token and time per output token, seconds. */
  record Latency(double ttft, double tpot) {}

  /** Mean and 99th percentile of one measure, seconds. */
  record Summary(double mean, double p99) {
    static Summary of(List<Latency> latencies, ToDoubleFunction<Latency> measure) {
      double[] sorted = latencies.stream().mapToDouble(measure).sorted().toArray();
      double p99 = sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
      return new Summary(Arrays.stream(sorted).average().orElseThrow(), p99);
    }
  }

  static RecordedRun load(String name, String workload) {
    List<String[]> rows = cells(RUNS.resolve(name).resolve("requests.csv"));
    List<String[]> planned = cells(RUNS.resolve(workload));
    return new RecordedRun(
        name,
        IntStream.range(0, rows.size())
            .mapToObj(i -> request(rows.get(i), Integer.parseInt(planned.get(i)[4])))
            .toList());
  }

  List<Latency> measured() {
    return requests.stream().map(Request::latency).toList();
  }

  /** Replays the run in virtual time, each request at the time the real engine queued it. */
  List<Latency> simulated(ReplicaSet replicas) {
    long[] first = new long[requests.size()];
    long[] last = new long[requests.size()];
    List<Integer> byArrival =
        IntStream.range(0, requests.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> requests.get(i).queued()))
            .toList();
    for (int i : byArrival) {
      Request request = requests.get(i);
      long arrival = Math.round(request.queued() * NANOS_PER_SECOND);
      replicas.advanceTo(arrival);
      int cached = Math.min(request.sharedPrefixTokens(), request.inputTokens() - 1);
      TokenSink sink =
          (sequence, now) -> {
            if (sequence.generatedTokens() == 1) {
              first[i] = now;
            }
            last[i] = now;
          };
      replicas.submit(
          new Sequence(request.inputTokens(), cached, request.outputTokens(), sink), arrival);
    }
    replicas.advanceTo(Replica.IDLE - 1);
    return IntStream.range(0, first.length)
        .mapToObj(i -> requests.get(i).answered(first[i], last[i]))
        .toList();
  }

  private static Request request(String[] row, int sharedPrefixTokens) {
    return new Request(
        Integer.parseInt(row[1]),
        sharedPrefixTokens,
        Integer.parseInt(row[2]),
        Double.parseDouble(row[5]),
        Double.parseDouble(row[7]),
        Double.parseDouble(row[8]));
  }

  private static List<String[]> cells(Path csv) {
    try (var lines = Files.lines(csv)) {
      return lines.skip(1).map(line -> line.split(",", -1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
