package dev.spillway.wire.chat;

import dev.spillway.wire.json.ByteSlice;

/** One pass over one body. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod", "FieldCanBeFinal"}) // being written
final class AnswerScanner {
  private final ByteSlice body;

  AnswerScanner(Operation operation, ByteSlice body) {
    this.body = body;
  }

  AnswerScan scan() {
    if (body.length() == 0) {
      return new AnswerScan.NotAnAnswer("the body is empty");
    }
    throw new UnsupportedOperationException();
  }
}
