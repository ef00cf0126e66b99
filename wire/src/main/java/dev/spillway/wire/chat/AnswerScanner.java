package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.chat.AnswerScan.ErrorInside;
import dev.spillway.wire.chat.AnswerScan.NotAnAnswer;
import dev.spillway.wire.chat.AnswerScan.Whole;
import dev.spillway.wire.chat.Operation.Output;
import dev.spillway.wire.error.ErrorObject;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/** One pass over one body of an answer. */
final class AnswerScanner {
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] MESSAGE = ascii("message");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] FINISH_REASON = ascii("finish_reason");

  private static final ErrorObject NAMELESS = new ErrorObject("", "api_error", null, null);

  private final Operation operation;
  private final ByteSlice body;
  private final JsonCursor cursor = new JsonCursor();
  private final AnswerPart part = new AnswerPart(cursor);
  private final TokenCounts tokens = new TokenCounts(cursor);
  private int items;
  private int wholeItems;
  private boolean member;
  private boolean error;

  AnswerScanner(Operation operation, ByteSlice body) {
    this.operation = operation;
    this.body = body;
  }

  AnswerScan scan() {
    try {
      read();
    } catch (MalformedJson e) {
      return notJson(body, e);
    }
    boolean empty = items == 0 && !member;
    ErrorObject inside = error || empty ? ErrorObject.read(body) : null;
    if (error) {
      return new ErrorInside(inside != null ? inside : NAMELESS);
    }
    if (inside != null && !inside.message().isEmpty()) {
      return new ErrorInside(inside); // flat, as OCI and old engines say it
    }
    if (empty || wholeItems < items) {
      return new NotAnAnswer(missing());
    }
    return new Whole(tokens.isPresent() ? tokens.toUsage() : null, part.bytes());
  }

  static AnswerScan notJson(ByteSlice body, MalformedJson e) {
    return new NotAnAnswer(
        body.array()[body.offset()] == '<'
            ? "a page of HTML or XML"
            : "a body that is not one JSON object: " + e.getMessage());
  }

  private String missing() {
    if (operation.output() == Output.OCTETS) {
      return "JSON in place of sound";
    }
    return operation.isGenerative()
        ? wholeItems + " of " + items + " choices with content and a finish_reason"
        : "nothing in '" + operation.answerField() + "'";
  }

  private void read() throws MalformedJson {
    byte[] list = ascii(operation.answerField());
    cursor.reset(body);
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(list) && isOneMember()) {
        member = cursor.kind() != JsonKind.NULL;
        cursor.skip();
      } else if (cursor.nameIs(list) && isItems()) {
        items();
      } else if (cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT) {
        tokens.clear();
        tokens.read();
      } else if (cursor.nameIs(ERROR)) {
        error = cursor.kind() != JsonKind.NULL;
        cursor.skip();
      } else {
        cursor.skip();
      }
    }
    cursor.end();
  }

  private boolean isOneMember() {
    return operation.output() == Output.MEMBER || operation.output() == Output.TRANSCRIPT;
  }

  /** Sound has no member that proves it. */
  private boolean isItems() throws MalformedJson {
    return cursor.kind() == JsonKind.ARRAY && operation.output() != Output.OCTETS;
  }

  private void items() throws MalformedJson {
    cursor.beginArray();
    while (cursor.nextElement()) {
      items++;
      if (cursor.kind() != JsonKind.OBJECT) {
        cursor.skip();
      } else if (operation.isGenerative()) {
        choice();
      } else {
        cursor.skip();
        wholeItems++;
      }
    }
  }

  private void choice() throws MalformedJson {
    boolean content = false;
    boolean finished = false;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(MESSAGE) && cursor.kind() == JsonKind.OBJECT) {
        part.read();
        content = true;
      } else if (cursor.nameIs(TEXT) && cursor.kind() == JsonKind.STRING) {
        part.readText();
        content = true;
      } else if (cursor.nameIs(FINISH_REASON)) {
        finished = cursor.kind() == JsonKind.STRING;
        cursor.skip();
      } else {
        cursor.skip();
      }
    }
    wholeItems += content && finished ? 1 : 0;
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
