package dev.spillway.wire.chat;

import dev.spillway.wire.json.ByteSlice;
import org.jspecify.annotations.Nullable;

/** One pass over one body. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod", "FieldCanBeFinal"}) // being written
final class RequestScanner {
  RequestScanner(Operation operation, @Nullable String modelOfPath, ByteSlice body) {}

  RequestScan scan() {
    throw new UnsupportedOperationException();
  }
}
