package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
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

  /** What it takes beside its text, empty maps for the most part. */
  private static final int OWN_BYTES = 768;

  private static final String TEXT = "text";
  private static final Set<String> WRITTEN_ANYWAY = Set.of("content", "refusal", TEXT);

  private final FoldBudget budget;
  private final HeldTexts texts;
  private final HeldTexts lists;
  private final TreeMap<Long, CallFold> calls = new TreeMap<>();
  private final HeldTexts logprobs;
  private final Members filters;
  private final Members audio;
  private final HeldText sound;
  private final HeldText transcript;
  private final Members message;
  private final Members others;
  private final HeldTexts otherLists;
  private @Nullable CallFold functionCall;
  private @Nullable ByteSlice finishReason;

  ChoiceFold(FoldBudget budget) {
    this.budget = budget;
    this.texts = new HeldTexts(budget);
    this.lists = new HeldTexts(budget);
    this.logprobs = new HeldTexts(budget);
    this.filters = new Members(budget);
    this.audio = new Members(budget);
    this.sound = new HeldText(budget);
    this.transcript = new HeldText(budget);
    this.message = new Members(budget);
    this.others = new Members(budget);
    this.otherLists = new HeldTexts(budget);
    budget.holds(OWN_BYTES);
  }

  /** A member of a choice, but for its index. */
  void member(String name, ChunkReader reader) throws MalformedJson {
    switch (name) {
      case "delta" -> reader.object(inner -> delta(inner, reader));
      case TEXT -> reader.addString(texts.of(TEXT));
      case "finish_reason" -> finish(reader.value());
      case "logprobs" -> reader.object(inner -> reader.addElements(logprobs.of(inner)));
      case "content_filter_results" ->
          reader.object(inner -> filters.putLast(inner, reader.value()));
      case "message" -> reader.value(); // is made here
      default -> other(name, reader, others, otherLists);
    }
  }

  boolean isFinished() {
    return finishReason != null;
  }

  /** As a choice of chat. */
  void writeChat(JsonWriter json, long index) {
    json.beginObject().name("index").value(index).name("message").beginObject();
    json.name("role").value("assistant");
    writeText(json, "content", hasOther());
    writeText(json, "refusal", true);
    texts.each((name, text) -> {
      if (!text.isEmpty() && !WRITTEN_ANYWAY.contains(name)) {
        json.name(name).raw(text.quoted());
      }
    });
    writeCalls(json, index);
    writeAudio(json);
    lists.each((name, elements) -> writeList(json, name, elements));
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
      case "content", "refusal", "reasoning_content", "reasoning" ->
          reader.addString(texts.of(name));
      case "tool_calls" -> reader.array(() -> call(reader));
      case "function_call" -> {
        CallFold fold = functionCall != null ? functionCall : new CallFold(budget);
        functionCall = reader.kind() == JsonKind.OBJECT ? fold : functionCall;
        reader.object(inner -> fold.body(inner, reader));
      }
      case "audio" -> reader.object(inner -> audio(inner, reader));
      default -> other(name, reader, message, lists);
    }
  }

  /** What this does not know: arrays, such as annotations or the ids of tokens, are joined. */
  private static void other(String name, ChunkReader reader, Members values, HeldTexts lists)
      throws MalformedJson {
    if (reader.kind() == JsonKind.ARRAY) {
      values.remove(name);
      reader.addElements(lists.of(name));
    } else if (lists.contains(name)) {
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
    if (index >= 0 && index < MAX_CALLS && budget.isOpen()) {
      piece.tell(calls.computeIfAbsent(index, _ -> newCall())::member);
    }
  }

  private CallFold newCall() {
    budget.holds(FoldBudget.entryBytes());
    return new CallFold(budget);
  }

  /** Without an index, a piece with an id begins a call, and one without goes to the last. */
  private long nextIndex(Piece piece) {
    long last = calls.isEmpty() ? -1 : calls.lastKey();
    return piece.hasId() ? last + 1 : Math.max(0, last);
  }

  private void finish(ByteSlice reason) {
    if (reason.array()[reason.offset()] == '"' && reason.length() > EMPTY_TEXT_BYTES) {
      long before = finishReason == null ? 0 : finishReason.length();
      if (budget.isOpen()) {
        finishReason = reason.copy();
        budget.holds(reason.length() - before);
      }
    }
  }

  /** Whether there is something that an answer can be without any text. */
  private boolean hasOther() {
    HeldText refusal = texts.get("refusal");
    boolean refused = refusal != null && !refusal.isEmpty();
    return refused || !calls.isEmpty() || functionCall != null || !sound.isEmpty();
  }

  private void writeText(JsonWriter json, String name, boolean nullIfEmpty) {
    HeldText text = texts.get(name);
    boolean empty = text == null || text.isEmpty();
    json.name(name);
    if (empty && nullIfEmpty) {
      json.value((String) null);
    } else {
      json.raw(text == null ? ByteSlice.of("\"\"") : text.quoted());
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
    if (audio.isEmpty() && sound.isEmpty() && transcript.isEmpty()) {
      return;
    }
    json.name("audio").beginObject();
    audio.writeTo(json);
    json.name("data").raw(sound.quoted()).name("transcript").raw(transcript.quoted());
    json.endObject();
  }

  private void writeEnd(JsonWriter json) {
    json.name("logprobs");
    if (logprobs.isEmpty()) {
      json.value((String) null);
    } else {
      json.beginObject();
      logprobs.each((name, elements) -> {
        if (!elements.isEmpty()) {
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
    otherLists.each((name, elements) -> writeList(json, name, elements));
    json.endObject();
  }

  private static void writeList(JsonWriter json, String name, HeldText elements) {
    json.name(name).beginArray();
    if (!elements.isEmpty()) {
      json.raw(elements.slice());
    }
    json.endArray();
  }
}
