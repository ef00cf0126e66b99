package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One choice, of its pieces: strings are joined, arrays appended, calls merged by their index, and
 * of all else the last that is not null counts.
 */
final class ChoiceFold {
  private static final int MAX_CALLS = 1024;
  private static final int EMPTY_TEXT_BYTES = 2;
  private static final String TEXT = "text";
  private static final Set<String> WRITTEN_ANYWAY = Set.of("content", "refusal", TEXT);

  private final SequencedMap<String, GrowingText> texts = new LinkedHashMap<>();
  private final SequencedMap<String, GrowingText> lists = new LinkedHashMap<>();
  private final TreeMap<Long, CallFold> calls = new TreeMap<>();
  private final SequencedMap<String, GrowingText> logprobs = new LinkedHashMap<>();
  private final Members filters = new Members();
  private final Members audio = new Members();
  private final GrowingText sound = new GrowingText();
  private final GrowingText transcript = new GrowingText();
  private final Members message = new Members();
  private final Members others = new Members();
  private final SequencedMap<String, GrowingText> otherLists = new LinkedHashMap<>();
  private @Nullable CallFold functionCall;
  private @Nullable ByteSlice finishReason;

  /** A member of a choice, but for its index. */
  void member(String name, ChunkReader reader) throws MalformedJson {
    switch (name) {
      case "delta" -> reader.object(inner -> delta(inner, reader));
      case TEXT -> reader.addString(text(TEXT));
      case "finish_reason" -> finish(reader.value());
      case "logprobs" -> reader.object(inner -> reader.addElements(list(logprobs, inner)));
      case "content_filter_results" ->
          reader.object(inner -> filters.putLast(inner, reader.value()));
      case "message" -> reader.value(); // is made here
      default -> other(name, reader, others, otherLists);
    }
  }

  boolean isFinished() {
    return finishReason != null;
  }

  /** What it takes, roughly. */
  long heldBytes() {
    long held = sound.roomBytes() + transcript.roomBytes();
    for (var each : List.of(texts, lists, logprobs, otherLists)) {
      held += each.values().stream().mapToLong(GrowingText::roomBytes).sum();
    }
    for (Members each : List.of(filters, audio, message, others)) {
      held += each.heldBytes();
    }
    held += functionCall == null ? 0 : functionCall.heldBytes();
    return held + calls.values().stream().mapToLong(CallFold::heldBytes).sum();
  }

  /** As a choice of chat. */
  void writeChat(JsonWriter json, long index) {
    json.beginObject().name("index").value(index).name("message").beginObject();
    json.name("role").value("assistant");
    writeText(json, "content", hasOther());
    writeText(json, "refusal", true);
    texts.forEach((name, text) -> {
      if (text.length() > 0 && !WRITTEN_ANYWAY.contains(name)) {
        json.name(name).raw(Quoted.of(text));
      }
    });
    writeCalls(json, index);
    writeAudio(json);
    lists.forEach((name, elements) -> writeList(json, name, elements));
    message.writeTo(json);
    json.endObject();
    writeEnd(json);
  }

  /** As a choice of completions. */
  void writeCompletion(JsonWriter json, long index) {
    json.beginObject().name("index").value(index);
    writeText(json, TEXT, false);
    writeEnd(json);
  }

  private void delta(String name, ChunkReader reader) throws MalformedJson {
    switch (name) {
      case "role" -> reader.value();
      case "content", "refusal", "reasoning_content", "reasoning" -> reader.addString(text(name));
      case "tool_calls" -> reader.array(() -> call(reader));
      case "function_call" -> {
        CallFold fold = functionCall != null ? functionCall : new CallFold();
        functionCall = reader.kind() == JsonKind.OBJECT ? fold : functionCall;
        reader.object(inner -> fold.body(inner, reader));
      }
      case "audio" -> reader.object(inner -> audio(inner, reader));
      default -> other(name, reader, message, lists);
    }
  }

  /** What this does not know: arrays, such as annotations or the ids of tokens, are joined. */
  private static void other(
      String name, ChunkReader reader, Members values, Map<String, GrowingText> lists)
      throws MalformedJson {
    if (reader.kind() == JsonKind.ARRAY) {
      values.remove(name);
      reader.addElements(list(lists, name));
    } else if (lists.containsKey(name)) {
      reader.value();
    } else {
      values.putLast(name, reader.value());
    }
  }

  private void audio(String name, ChunkReader reader) throws MalformedJson {
    switch (name) {
      case "data" -> reader.addString(sound);
      case "transcript" -> reader.addString(transcript);
      default -> audio.putLast(name, reader.value());
    }
  }

  private void call(ChunkReader reader) throws MalformedJson {
    Piece piece = new Piece(reader);
    long index = piece.indexOr(nextIndex(piece));
    if (index >= 0 && index < MAX_CALLS) {
      piece.tell(calls.computeIfAbsent(index, _ -> new CallFold())::member);
    }
  }

  /** Without an index, a piece with an id begins a call, and one without goes to the last. */
  private long nextIndex(Piece piece) {
    long last = calls.isEmpty() ? -1 : calls.lastKey();
    return piece.hasId() ? last + 1 : Math.max(0, last);
  }

  private void finish(ByteSlice reason) {
    if (reason.array()[reason.offset()] == '"' && reason.length() > EMPTY_TEXT_BYTES) {
      finishReason = reason.copy();
    }
  }

  /** Whether there is something that an answer can be without any text. */
  private boolean hasOther() {
    GrowingText refusal = texts.get("refusal");
    boolean refused = refusal != null && refusal.length() > 0;
    return refused || !calls.isEmpty() || functionCall != null || sound.length() > 0;
  }

  private void writeText(JsonWriter json, String name, boolean nullIfEmpty) {
    GrowingText text = texts.get(name);
    boolean empty = text == null || text.length() == 0;
    json.name(name);
    if (empty && nullIfEmpty) {
      json.value((String) null);
    } else {
      json.raw(text == null ? ByteSlice.of("\"\"") : Quoted.of(text));
    }
  }

  private void writeCalls(JsonWriter json, long index) {
    if (!calls.isEmpty()) {
      json.name("tool_calls").beginArray();
      calls.forEach((at, call) -> call.writeTo(json, "call_" + index + "_" + at));
      json.endArray();
    }
    if (functionCall != null) {
      json.name("function_call");
      functionCall.writeBody(json);
    }
  }

  private void writeAudio(JsonWriter json) {
    if (audio.isEmpty() && sound.length() == 0 && transcript.length() == 0) {
      return;
    }
    json.name("audio").beginObject();
    audio.writeTo(json);
    json.name("data").raw(Quoted.of(sound)).name("transcript").raw(Quoted.of(transcript));
    json.endObject();
  }

  private void writeEnd(JsonWriter json) {
    json.name("logprobs");
    if (logprobs.isEmpty()) {
      json.value((String) null);
    } else {
      json.beginObject();
      logprobs.forEach((name, elements) -> {
        if (elements.length() > 0) {
          writeList(json, name, elements);
        } else {
          json.name(name).value((String) null);
        }
      });
      json.endObject();
    }
    json.name("finish_reason").raw(finishReason != null ? finishReason : ByteSlice.of("null"));
    if (!filters.isEmpty()) {
      json.name("content_filter_results").beginObject();
      filters.writeTo(json);
      json.endObject();
    }
    others.writeTo(json);
    otherLists.forEach((name, elements) -> writeList(json, name, elements));
    json.endObject();
  }

  private static void writeList(JsonWriter json, String name, GrowingText elements) {
    json.name(name).beginArray();
    if (elements.length() > 0) {
      json.raw(elements.slice());
    }
    json.endArray();
  }

  private GrowingText text(String name) {
    return list(texts, name);
  }

  private static GrowingText list(Map<String, GrowingText> of, String name) {
    return of.computeIfAbsent(name, _ -> new GrowingText());
  }
}
