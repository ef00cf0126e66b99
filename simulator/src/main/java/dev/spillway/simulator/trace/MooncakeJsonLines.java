package dev.spillway.simulator.trace;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON lines of the Mooncake conversation trace (kvcache-ai/Mooncake, FAST 2025): {@code
 * timestamp} in milliseconds, {@code input_length}, {@code output_length}, {@code hash_ids}.
 *
 * <p>Its clock ticks about every three seconds and many requests share a tick. They are spread over
 * the time to the next tick, three seconds at most, at uniformly random offsets drawn from a
 * generator seeded by the tick: the same in every run, in the order of the file. Three seconds of a
 * busy service look like that; what really happened inside a tick was not recorded.
 */
final class MooncakeJsonLines implements TraceFormat {
  private static final String ROW =
      "{\"timestamp\":ms,\"input_length\":n,\"output_length\":n,\"hash_ids\":[n,...]}";
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long TICK_NANOS = 3_000 * NANOS_PER_MILLI;
  private static final JsonFactory JSON = JsonFactory.builder().build();

  private final TraceLines lines;
  private final Deque<TraceRequest> spread = new ArrayDeque<>();
  private @Nullable TraceRequest ahead;
  private long startNanos;

  /**
   * Starts at a line already read, because the format was told by it.
   *
   * @param firstLine the first line of {@code lines}
   */
  MooncakeJsonLines(TraceLines lines, String firstLine) throws TraceFormatException {
    this.lines = lines;
    TraceRequest first = parse(firstLine);
    this.startNanos = first.arrivalNanos();
    this.ahead = first;
  }

  @Override
  public Optional<TraceRequest> next() throws IOException {
    if (spread.isEmpty() && ahead != null) {
      spreadTick(ahead);
    }
    return Optional.ofNullable(spread.poll());
  }

  @Override
  public Optional<String> adjustment() {
    return Optional.of("arrivals spread at random inside the recorder's ticks of about 3 s");
  }

  private void spreadTick(TraceRequest first) throws IOException {
    List<TraceRequest> tick = new ArrayList<>();
    TraceRequest request = first;
    while (request != null && request.arrivalNanos() == first.arrivalNanos()) {
      tick.add(request);
      request = readAhead();
    }
    ahead = request;
    if (request != null && request.arrivalNanos() < first.arrivalNanos()) {
      throw lines.refuse("timestamp before that of the line above", "timestamps in order");
    }
    long untilNext = request == null ? TICK_NANOS : request.arrivalNanos() - first.arrivalNanos();
    long[] offsets =
        new SplittableRandom(first.arrivalNanos())
            .longs(tick.size(), 0, Math.min(TICK_NANOS, untilNext))
            .sorted()
            .toArray();
    for (int i = 0; i < offsets.length; i++) {
      spread.add(tick.get(i).at(first.arrivalNanos() - startNanos + offsets[i]));
    }
  }

  private @Nullable TraceRequest readAhead() throws IOException {
    Optional<String> line = lines.next();
    return line.isEmpty() ? null : parse(line.get());
  }

  private TraceRequest parse(String line) throws TraceFormatException {
    var row = new Row();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        row.read(json);
      }
      return row.request();
    } catch (JacksonException | IllegalArgumentException e) {
      throw lines.refuse(line, ROW);
    }
  }

  /** The fields of one line, in whatever order; absent ones are left below their bound. */
  private static final class Row {
    private final List<Integer> blockIds = new ArrayList<>();
    private long millis = -1;
    private int inputTokens;
    private int outputTokens;

    void read(JsonParser json) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "timestamp" -> millis = json.getLongValue();
        case "input_length" -> inputTokens = json.getIntValue();
        case "output_length" -> outputTokens = json.getIntValue();
        case "hash_ids" -> {
          if (value != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException("hash_ids: " + value + " (expected: an array)");
          }
          while (json.nextToken() != JsonToken.END_ARRAY) {
            blockIds.add(json.getIntValue());
          }
        }
        default -> json.skipChildren();
      }
    }

    TraceRequest request() {
      return new TraceRequest(millis * NANOS_PER_MILLI, inputTokens, outputTokens, blockIds);
    }
  }
}
