package dev.spillway.app.cli;

import dev.spillway.simulator.report.ReportObjective;
import dev.spillway.simulator.trace.TraceCut;
import dev.spillway.simulator.trace.TraceReader;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a load and what it is held to; the same for replay and simulate. */
final class LoadOptions {
  @Option(
      names = "--trace",
      required = true,
      paramLabel = "FILE",
      description = "A recorded load: Azure 2023 CSV or Mooncake JSON lines, gzip or not.")
  private Path trace = Path.of("trace.csv");

  @Option(
      names = "--speed",
      defaultValue = "1",
      paramLabel = "N",
      description = "How many times faster than recorded (default: ${DEFAULT-VALUE}).")
  private double speed;

  @Option(
      names = "--from",
      defaultValue = "0s",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "Leave out what was recorded before (default: ${DEFAULT-VALUE}).")
  private Duration from = Duration.ZERO;

  @Option(
      names = "--duration",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "How much recorded time (default: all).")
  private @Nullable Duration duration;

  @Option(names = "--limit", paramLabel = "N", description = "The most requests (default: all).")
  private @Nullable Long limit;

  @Option(
      names = "--ttft",
      defaultValue = "1s",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "Time to first token that counts as met (default: ${DEFAULT-VALUE}).")
  private Duration ttft = Duration.ZERO;

  @Option(
      names = "--tpot",
      defaultValue = "60ms",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "Time per output token that counts as met (default: ${DEFAULT-VALUE}).")
  private Duration tpot = Duration.ZERO;

  /** The load, in order of arrival. */
  List<TraceRequest> read() throws CommandFailure {
    try {
      List<TraceRequest> load = TraceReader.readAll(trace, cut());
      if (load.isEmpty()) {
        throw new CommandFailure(trace + ": no request in that part of it");
      }
      return load;
    } catch (NoSuchFileException e) {
      throw new CommandFailure("--trace: " + trace + " does not exist", e);
    } catch (IOException e) {
      throw new CommandFailure(unreadable(e), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--" + e.getMessage(), e);
    }
  }

  ReportObjective objective() {
    return new ReportObjective(ttft, tpot);
  }

  /** Those of the reader name the file and the line, those of the system neither. */
  private String unreadable(IOException e) {
    String why = e.getMessage() == null ? "unreadable" : e.getMessage();
    return why.startsWith(trace.toString()) ? why : trace + ": " + why;
  }

  private TraceCut cut() throws CommandFailure {
    if (limit != null && limit < 1) {
      throw new CommandFailure("--limit: " + limit + " (expected: >= 1)");
    }
    if (duration != null && duration.isZero()) {
      throw new CommandFailure("--duration: 0 (expected: more than that)");
    }
    TraceCut cut = TraceCut.WHOLE.from(from).atSpeed(speed);
    cut = duration == null ? cut : cut.lasting(duration);
    return limit == null ? cut : cut.limitedTo(limit);
  }

  /** From the first arrival to the last. */
  static Duration span(List<TraceRequest> load) {
    return Duration.ofNanos(load.getLast().arrivalNanos() - load.getFirst().arrivalNanos());
  }
}
