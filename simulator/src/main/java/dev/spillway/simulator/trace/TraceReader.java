package dev.spillway.simulator.trace;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a recorded load, one request at a time, in order of arrival.
 *
 * <p>Knows the CSV of the Azure traces of 2023 and the JSON lines of the Mooncake conversation
 * trace, plain or packed with gzip; which of them a file is, its first bytes say, not its name.
 *
 * <p>Not thread-safe. Blocks.
 */
public final class TraceReader implements Closeable {
  private final TraceLines lines;
  private final TraceFormat format;
  private final TraceCut cut;
  private long given;

  private TraceReader(TraceLines lines, TraceFormat format, TraceCut cut) {
    this.lines = lines;
    this.format = format;
    this.cut = cut;
  }

  /**
   * Opens a file and looks at its first line.
   *
   * @throws TraceFormatException if it is in neither format
   * @throws IOException if it cannot be read
   */
  public static TraceReader open(Path file, TraceCut cut) throws IOException {
    TraceLines lines = TraceLines.open(file);
    try {
      return new TraceReader(lines, detect(lines), cut);
    } catch (IOException e) {
      lines.close();
      throw e;
    }
  }

  /**
   * Reads all of it.
   *
   * @return the requests in order of arrival
   * @throws TraceFormatException if a line is not what its file's format asks for
   * @throws IOException if it cannot be read
   */
  public static List<TraceRequest> readAll(Path file, TraceCut cut) throws IOException {
    List<TraceRequest> requests = new ArrayList<>();
    try (TraceReader reader = open(file, cut)) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        requests.add(next.get());
      }
    }
    return List.copyOf(requests);
  }

  /**
   * Reads the next request of the cut, its arrival measured from the start of the cut.
   *
   * @return empty at the end
   * @throws TraceFormatException if the line is not what the file's format asks for
   * @throws IOException if it cannot be read
   */
  public Optional<TraceRequest> next() throws IOException {
    Optional<TraceRequest> next = format.next();
    while (next.isPresent() && cut.startsAfter(next.get().arrivalNanos())) {
      next = format.next();
    }
    if (given == cut.maxRequests()) {
      return Optional.empty();
    }
    given++;
    return next.filter(r -> !cut.endsBefore(r.arrivalNanos()))
        .map(r -> r.at(cut.replayed(r.arrivalNanos())));
  }

  /** What was changed in the record so that it can be used, to be printed beside results. */
  public Optional<String> adjustment() {
    return format.adjustment();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private static TraceFormat detect(TraceLines lines) throws IOException {
    String first = lines.next().orElse("");
    if (first.strip().equals(AzureCsv.HEADER)) {
      return new AzureCsv(lines);
    }
    if (first.startsWith("{")) {
      return new MooncakeJsonLines(lines, first);
    }
    String expected = "the header " + AzureCsv.HEADER + " or a JSON object a line";
    throw lines.refuse(first.isEmpty() ? "empty file" : first, expected);
  }
}
