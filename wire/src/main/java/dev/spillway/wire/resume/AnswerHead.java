package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.EstimatedUsage;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.sse.SseEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What all chunks of one answer have in common, kept from its first; read only if it is asked for,
 * or if that chunk is long.
 */
final class AnswerHead {
  private static final int LONG_BYTES = 1 << 10;

  /** Each is written into every chunk of a continuation, so a longer one is taken for none. */
  private static final int LONGEST_VALUE_BYTES = 512;

  private static final byte[] NOTHING = {};

  private static final byte[] ID = ascii("id");
  private static final byte[] CREATED = ascii("created");
  private static final byte[] MODEL = ascii("model");

  private final ChunkFacts.Form form;
  private final String fallbackId;
  private final String fallbackModel;
  private byte @Nullable [] chunk;
  private boolean hasId;
  private boolean read;
  private @Nullable ByteSlice id;
  private @Nullable ByteSlice created;
  private @Nullable ByteSlice model;

  AnswerHead(ChunkFacts.Form form, String fallbackId, String fallbackModel) {
    this.form = form;
    this.fallbackId = fallbackId;
    this.fallbackModel = fallbackModel;
  }

  /** Told each chunk that has choices; keeps the first, or the first that has an id. */
  void see(SseEvent event, ChunkFacts facts) {
    if (!hasId && (chunk == null || facts.hasId())) {
      int from = event.dataOffset();
      chunk = Arrays.copyOfRange(event.dataArray(), from, from + event.dataLength());
      hasId = facts.hasId();
      read = false;
      if (event.dataLength() > LONG_BYTES) {
        letGoOfTheRest();
      }
    }
  }

  /** The id, as JSON: the provider's, else ours. */
  ByteSlice id() {
    read();
    return id != null ? id : json(fallbackId);
  }

  /** When it was made, as JSON; null if the provider did not say. */
  @Nullable ByteSlice created() {
    read();
    return created;
  }

  /** What wrote it, as JSON; null if the provider did not say. */
  @Nullable ByteSlice model() {
    read();
    return model;
  }

  /** A chunk of our own with some text, escaped. */
  ByteSlice textEvent(ByteSlice escaped) {
    JsonWriter string = new JsonWriter(escaped.length() + 2);
    string.verbatim("\"").raw(escaped).verbatim("\"");
    return choiceEvent(string.written(), null);
  }

  /** A chunk of our own that ends the answer. */
  ByteSlice finishEvent(String reason) {
    return choiceEvent(null, reason);
  }

  /** A chunk of our own with a usage that is an estimate. */
  ByteSlice usageEvent(Usage usage) {
    JsonWriter json = begin().name("choices").beginArray().endArray();
    EstimatedUsage.writeTo(json, usage);
    return json.endObject().verbatim("\n\n").written();
  }

  private ByteSlice choiceEvent(@Nullable ByteSlice string, @Nullable String finishReason) {
    JsonWriter json = begin().name("choices").beginArray().beginObject();
    json.name("index").value(0);
    if (form == ChunkFacts.Form.CHAT) {
      json.name("delta").beginObject();
      if (string != null) {
        json.name("content").raw(string);
      }
      json.endObject();
    } else {
      json.name("text").raw(string != null ? string : ByteSlice.of("\"\""));
    }
    json.name("logprobs").value((String) null);
    json.name("finish_reason").value(finishReason);
    return json.endObject().endArray().endObject().verbatim("\n\n").written();
  }

  /** An event that holds a chunk, up to its {@code choices}. */
  private JsonWriter begin() {
    read();
    boolean chat = form == ChunkFacts.Form.CHAT;
    JsonWriter json = new JsonWriter(256).verbatim("data: ").beginObject();
    json.name("id").raw(id());
    json.name("object").value(chat ? "chat.completion.chunk" : "text_completion");
    json.name("created").raw(created != null ? created : ByteSlice.of("0"));
    return json.name("model").raw(model != null ? model : json(fallbackModel));
  }

  /** Thousands of these are kept at once. */
  private void letGoOfTheRest() {
    read();
    id = copy(id);
    created = copy(created);
    model = copy(model);
    chunk = NOTHING;
  }

  private void read() {
    byte[] first = chunk;
    if (read || first == null) {
      return;
    }
    read = true;
    JsonCursor cursor = new JsonCursor();
    try {
      cursor.reset(first, 0, first.length).beginObject();
      while (cursor.nextMember()) {
        member(first, cursor);
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("a chunk that was read before", e);
    }
  }

  private void member(byte[] first, JsonCursor cursor) throws MalformedJson {
    boolean isId = cursor.nameIs(ID);
    boolean isCreated = cursor.nameIs(CREATED);
    boolean isModel = cursor.nameIs(MODEL);
    JsonKind kind = cursor.kind();
    int from = cursor.position();
    cursor.skip();
    int length = cursor.endOfValue() - from;
    if (length > LONGEST_VALUE_BYTES || kind != (isCreated ? JsonKind.NUMBER : JsonKind.STRING)) {
      return; // neither of the two kinds holds the end of a line, as an object may
    }
    ByteSlice value = new ByteSlice(first, from, length);
    if (isId && hasId) {
      id = value;
    } else if (isCreated) {
      created = value;
    } else if (isModel) {
      model = value;
    }
  }

  private static @Nullable ByteSlice copy(@Nullable ByteSlice value) {
    return value == null ? null : value.copy();
  }

  private static ByteSlice json(String text) {
    return new JsonWriter(64).value(text).written();
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
