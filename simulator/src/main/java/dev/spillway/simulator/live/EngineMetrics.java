package dev.spillway.simulator.live;

import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.Replica;
import dev.spillway.simulator.engine.Sequence;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the engine says of itself, under the names that vLLM 0.19 uses; one engine label a replica.
 *
 * <p>Event loop only.
 */
final class EngineMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final List<OfReplica> replicas;

  EngineMetrics(String model, List<Replica> replicas) {
    this.replicas =
        IntStream.range(0, replicas.size())
            .mapToObj(i -> new OfReplica(labels(model, i), replicas.get(i)))
            .toList();
  }

  OfReplica of(int number) {
    return replicas.get(number);
  }

  CharSequence page() {
    var page = new MetricsPage();
    gauge(page, "num_requests_running", "Requests in the batch.", r -> r.replica.running());
    gauge(page, "num_requests_waiting", "Requests in the queue.", r -> r.replica.waiting());
    gauge(page, "kv_cache_usage_perc", "KV cache in use, 1 is full.", r -> r.replica.kvUse());
    counter(page, "num_preemptions_total", "Preemptions.", r -> r.replica.preemptions());
    counter(page, "prompt_tokens_total", "Prompt tokens read.", r -> r.promptTokens);
    counter(page, "generation_tokens_total", "Tokens made.", r -> r.generatedTokens);
    page.type("vllm:request_success_total", "counter", "Requests finished, by reason.");
    replicas.forEach(r -> r.writeSuccess(page));
    histogram(page, "time_to_first_token_seconds", r -> r.firstToken);
    histogram(page, "inter_token_latency_seconds", r -> r.interToken);
    histogram(page, "e2e_request_latency_seconds", r -> r.wholeRequest);
    histogram(page, "request_queue_time_seconds", r -> r.queueTime);
    page.type("vllm:cache_config_info", "gauge", "The KV cache's configuration.");
    replicas.forEach(r -> r.writeCacheConfig(page));
    return page.text();
  }

  private void gauge(MetricsPage page, String name, String help, ToDoubleFunction<OfReplica> of) {
    samples(page, name, "gauge", help, of);
  }

  private void counter(MetricsPage page, String name, String help, ToDoubleFunction<OfReplica> of) {
    samples(page, name, "counter", help, of);
  }

  private void samples(
      MetricsPage page, String name, String type, String help, ToDoubleFunction<OfReplica> of) {
    page.type("vllm:" + name, type, help);
    replicas.forEach(r -> page.sample("vllm:" + name, r.labels, of.applyAsDouble(r)));
  }

  private void histogram(MetricsPage page, String name, Function<OfReplica, Histogram> of) {
    page.type("vllm:" + name, "histogram", "Seconds.");
    replicas.forEach(r -> of.apply(r).write(page, "vllm:" + name, r.labels));
  }

  private static String labels(String model, int number) {
    return "model_name=\"" + model + "\",engine=\"" + number + "\"";
  }

  /** The counts of one replica. */
  static final class OfReplica {
    private final String labels;
    private final Replica replica;
    private final Histogram firstToken =
        new Histogram(
            0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
            20, 40, 80, 160, 640, 2560);
    private final Histogram interToken =
        new Histogram(
            0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
            40, 80);
    private final Histogram wholeRequest = requestTimes();
    private final Histogram queueTime = requestTimes();
    private long promptTokens;
    private long generatedTokens;
    private long stopped;
    private long cutByLength;
    private long aborted;

    OfReplica(String labels, Replica replica) {
      this.labels = labels;
      this.replica = replica;
    }

    void firstToken(Sequence sequence, long nowNanos) {
      promptTokens += sequence.inputTokens();
      generatedTokens++;
      firstToken.record(seconds(nowNanos - sequence.submittedAtNanos()));
      queueTime.record(seconds(sequence.startedAtNanos() - sequence.submittedAtNanos()));
    }

    void nextToken(long sinceLastNanos) {
      generatedTokens++;
      interToken.record(seconds(sinceLastNanos));
    }

    void finished(Sequence sequence, long nowNanos, AnswerPlan.FinishReason reason) {
      wholeRequest.record(seconds(nowNanos - sequence.submittedAtNanos()));
      switch (reason) {
        case STOP, TOOL_CALLS -> stopped++;
        case LENGTH -> cutByLength++;
      }
    }

    void aborted() {
      aborted++;
    }

    private void writeSuccess(MetricsPage page) {
      String name = "vllm:request_success_total";
      page.sample(name, labels + ",finished_reason=\"stop\"", stopped);
      page.sample(name, labels + ",finished_reason=\"length\"", cutByLength);
      page.sample(name, labels + ",finished_reason=\"abort\"", aborted);
    }

    private void writeCacheConfig(MetricsPage page) {
      String config =
          ",block_size=\""
              + EngineProfile.BLOCK_TOKENS
              + "\",num_gpu_blocks=\""
              + replica.profile().kvBlocks()
              + "\",enable_prefix_caching=\"False\"";
      page.sample("vllm:cache_config_info", labels + config, 1);
    }

    private static Histogram requestTimes() {
      return new Histogram(
          0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920,
          7680);
    }

    private static double seconds(long nanos) {
      return nanos / NANOS_PER_SECOND;
    }
  }
}
