package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.chat.AnswerScan.Begun;
import dev.spillway.wire.chat.AnswerScan.ErrorInside;
import dev.spillway.wire.chat.AnswerScan.NotAnAnswer;
import dev.spillway.wire.chat.AnswerScan.Whole;
import dev.spillway.wire.error.ErrorObject;
import dev.spillway.wire.error.FlatError;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one body that says in a word how the answer ended: a response by its {@code
 * status}, a message by its {@code stop_reason}.
 *
 * <p>One that failed for a reason of its provider's is an error; one that failed for what was asked
 * is the client's to read. Whoever fetches a kept response gets it as it is.
 */
final class TypedAnswerScanner {
  private static final byte[] STATUS = ascii("status");
  private static final byte[] STOP_REASON = ascii("stop_reason");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] BACKGROUND = ascii("background");
  private static final ErrorObject NAMELESS = new ErrorObject("", "server_error", null, null);

  private final Operation operation;
  private final ByteSlice body;
  private final JsonCursor cursor = new JsonCursor();
  private final TokenCounts tokens = new TokenCounts(cursor);
  private @Nullable String ending;
  private boolean output;
  private boolean background;
  private boolean error;
  private long contentBytes;

  TypedAnswerScanner(Operation operation, ByteSlice body) {
    this.operation = operation;
    this.body = body;
  }

  AnswerScan scan() {
    try {
      read();
    } catch (MalformedJson e) {
      return AnswerScanner.notJson(body, e);
    }
    boolean failed = error || (ending == null && FlatError.is(body));
    ErrorObject inside = failed ? ErrorObject.read(body) : null;
    if (ending == null && failed) {
      return new ErrorInside(inside == null ? NAMELESS : inside);
    }
    if (ending == null || !output) {
      return new NotAnAnswer("no word of how it ended, or no '" + operation.answerField() + "'");
    }
    return operation == Operation.MESSAGES ? whole() : response(ending, inside);
  }

  private AnswerScan response(String status, @Nullable ErrorObject inside) {
    return switch (status) {
      case "completed", "incomplete", "cancelled" -> whole();
      case "failed" ->
          operation.isOfKept() || !isProviders(inside)
              ? whole()
              : new ErrorInside(inside == null ? NAMELESS : inside);
      case "queued", "in_progress" ->
          operation.isOfKept() || background
              ? new Begun()
              : new NotAnAnswer("a response that is not finished");
      default -> new NotAnAnswer("a response of a status that is not known");
    };
  }

  private static boolean isProviders(@Nullable ErrorObject inside) {
    return ResponseFailures.isProviders(inside == null ? null : inside.code());
  }

  private AnswerScan whole() {
    int bytes = (int) Math.min(contentBytes, Integer.MAX_VALUE);
    return new Whole(tokens.isPresent() ? tokens.toUsage() : null, bytes);
  }

  private void read() throws MalformedJson {
    byte[] list = ascii(operation.answerField());
    byte[] word = operation == Operation.MESSAGES ? STOP_REASON : STATUS;
    cursor.reset(body);
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(list) && cursor.kind() == JsonKind.ARRAY) {
        output = true;
        contentBytes = texts();
      } else if (cursor.nameIs(word) && cursor.kind() == JsonKind.STRING) {
        ending = cursor.string();
      } else if (cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT) {
        tokens.clear();
        tokens.read();
      } else if (cursor.nameIs(BACKGROUND) && cursor.kind() == JsonKind.BOOLEAN) {
        background = cursor.bool();
      } else {
        error |= cursor.nameIs(ERROR) && cursor.kind() != JsonKind.NULL;
        cursor.skip();
      }
    }
    cursor.end();
  }

  /** UTF-8 bytes of every string that is not a name; recursion is bounded by the cursor's depth. */
  private long texts() throws MalformedJson {
    long bytes = 0;
    switch (cursor.kind()) {
      case STRING -> {
        cursor.skipString();
        bytes += cursor.textBytes();
      }
      case OBJECT -> {
        cursor.beginObject();
        while (cursor.nextMember()) {
          bytes += texts();
        }
      }
      case ARRAY -> {
        cursor.beginArray();
        while (cursor.nextElement()) {
          bytes += texts();
        }
      }
      case NUMBER, BOOLEAN, NULL -> cursor.skip();
    }
    return bytes;
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
