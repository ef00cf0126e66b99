package dev.spillway.simulator.trace;

import java.io.IOException;
import java.util.Optional;

/** One way in which loads are recorded; keeps its place between requests. */
sealed interface TraceFormat permits AzureCsv, MooncakeJsonLines {
  /** The next request, in order of arrival, measured from the trace's first; empty at its end. */
  Optional<TraceRequest> next() throws IOException;

  /** What was changed in the record so that it can be used; for reports. */
  Optional<String> adjustment();
}
