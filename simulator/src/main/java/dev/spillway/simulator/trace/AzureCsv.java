package dev.spillway.simulator.trace;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CSV of Microsoft's public inference traces of 2023 (Azure/AzurePublicDataset): a header, then
 * a time without zone, input tokens, output tokens.
 */
final class AzureCsv implements TraceFormat {
  static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

  private static final String ROW = "yyyy-MM-dd HH:mm:ss.fffffff,input tokens,output tokens";
  private static final int COLUMNS = 3;

  private final TraceLines lines;
  private @Nullable LocalDateTime start;
  private long lastNanos;

  AzureCsv(TraceLines lines) {
    this.lines = lines;
  }

  @Override
  public Optional<TraceRequest> next() throws IOException {
    Optional<String> line = lines.next();
    return line.isEmpty() ? Optional.empty() : Optional.of(parse(line.get()));
  }

  @Override
  public Optional<String> adjustment() {
    return Optional.empty();
  }

  private TraceRequest parse(String line) throws TraceFormatException {
    List<String> cells = List.of(line.split(",", -1));
    if (cells.size() != COLUMNS) {
      throw lines.refuse(line, ROW);
    }
    try {
      long arrivalNanos = sinceStart(LocalDateTime.parse(isoTime(cells.get(0))));
      return new TraceRequest(arrivalNanos, tokens(cells.get(1)), tokens(cells.get(2)), List.of());
    } catch (DateTimeException e) {
      throw lines.refuse(cells.get(0), "a time as yyyy-MM-dd HH:mm:ss.fffffff");
    }
  }

  /** {@link DateTimeFormatter#ISO_LOCAL_DATE_TIME} wants a T where the file has a space. */
  private static String isoTime(String cell) {
    return cell.replace(' ', 'T');
  }

  private long sinceStart(LocalDateTime time) throws TraceFormatException {
    if (start == null) {
      start = time;
    }
    long nanos = ChronoUnit.NANOS.between(start, time);
    if (nanos < lastNanos) {
      throw lines.refuse(time.toString(), "a time not before that of the line above");
    }
    lastNanos = nanos;
    return nanos;
  }

  private int tokens(String cell) throws TraceFormatException {
    try {
      int tokens = Integer.parseInt(cell);
      if (tokens >= 1) {
        return tokens;
      }
    } catch (NumberFormatException e) {
      // refused below, like a number out of bounds
    }
    throw lines.refuse(cell, "a count of tokens, at least 1");
  }
}
