package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Span;

/** Fields of a request whose values are objects or lists of them, and those of one API alone. */
final class NestedFields {
  private static final byte[] INCLUDE_USAGE = ascii("include_usage");
  private static final byte[] TYPE = ascii("type");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] FORMAT = ascii("format");
  private static final byte[] EFFORT = ascii("effort");

  private final JsonCursor cursor;
  private final FieldReader reader;
  private final RequestFacts facts;
  private final InputScan input;

  NestedFields(JsonCursor cursor, FieldReader reader, RequestFacts facts, InputScan input) {
    this.cursor = cursor;
    this.reader = reader;
    this.facts = facts;
    this.input = input;
  }

  /** Reads the value of a field that only responses have; false, without a step, if it is none. */
  boolean ofResponses(String name) throws MalformedJson, InvalidRequest {
    switch (name) {
      case "instructions" -> input.text();
      case "text" -> text(name);
      case "reasoning" -> reasoning(name);
      case "background" -> facts.put(Feature.BACKGROUND, reader.flag(name));
      case "previous_response_id" -> {
        facts.previousResponse = reader.text(name);
        facts.goesOn = true;
      }
      case "prompt" -> {
        facts.goesOn = true;
        cursor.skip();
      }
      case "conversation" ->
          throw new InvalidRequest(
              name,
              "not served here: no conversation is kept (expected: 'previous_response_id', or all"
                  + " items in 'input')");
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Reads the value of a field that only messages have; false, without a step, if it is none. */
  boolean ofMessages(String name) throws MalformedJson, InvalidRequest {
    switch (name) {
      case "system" -> input.text();
      case "output_config" -> reasoning(name);
      case "stop_sequences" -> {
        reader.expect(name, JsonKind.ARRAY);
        cursor.skip();
        facts.features.add(Feature.STOP_STRINGS);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  void streamOptions() throws MalformedJson, InvalidRequest {
    reader.expect("stream_options", JsonKind.OBJECT);
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (!cursor.nameIs(INCLUDE_USAGE)) {
        cursor.skip();
        continue;
      }
      if (facts.includeUsage != null) {
        throw new InvalidRequest("stream_options.include_usage", "there twice (expected: once)");
      }
      int from = cursor.position();
      if (!cursor.skipNull()) {
        facts.put(Feature.USAGE_CHUNK, reader.flag("stream_options.include_usage"));
      }
      facts.includeUsage = new Span(from, cursor.endOfValue());
    }
  }

  void tools(String name) throws MalformedJson, InvalidRequest {
    reader.expect(name, JsonKind.ARRAY);
    int from = cursor.position();
    int elements = 0;
    cursor.beginArray();
    while (cursor.nextElement()) {
      cursor.skip();
      elements++;
    }
    if (elements > 0) {
      facts.features.add(Feature.TOOLS);
      input.addBytes(cursor.endOfValue() - from);
    }
  }

  /** The form that the answer is to have, which is plain text or JSON. */
  void format(String name) throws MalformedJson, InvalidRequest {
    reader.expect(name, JsonKind.OBJECT);
    int from = cursor.position();
    boolean plain = false;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(TYPE) && cursor.kind() == JsonKind.STRING) {
        cursor.skipString();
        plain = cursor.textIs(TEXT);
      } else {
        cursor.skip();
      }
    }
    if (!plain) {
      facts.features.add(Feature.JSON_OUTPUT);
      input.addBytes(cursor.endOfValue() - from);
    }
  }

  private void text(String name) throws MalformedJson, InvalidRequest {
    reader.expect(name, JsonKind.OBJECT);
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(FORMAT) && cursor.kind() != JsonKind.NULL) {
        format("text.format");
      } else {
        cursor.skip();
      }
    }
  }

  private void reasoning(String name) throws MalformedJson, InvalidRequest {
    reader.expect(name, JsonKind.OBJECT);
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(EFFORT) && cursor.kind() != JsonKind.NULL) {
        facts.reasoningEffort = reader.text(name + ".effort");
      } else {
        cursor.skip();
      }
    }
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
