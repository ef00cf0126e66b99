package dev.spillway.wire.aggregate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.EstimatedUsage;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the whole answer to a request that does not stream from the stream of its provider, equal
 * in content to what the provider would have sent at once.
 *
 * <p>Fed with what a client of the stream would get, so that repairs and seams count. Strict in
 * what it writes: every field that the API requires is there, null where nothing came. Holds the
 * answer once; a chunk costs a read of it and the copies of its values.
 *
 * <p>Not thread-safe: one answer, one fold.
 */
public final class AnswerFold {
  private static final byte[] DATA = "data: ".getBytes(ISO_8859_1);

  /** What stays as the first chunk that has it says. */
  private static final Set<String> OF_THE_FIRST = Set.of("id", "created", "model");

  /** Of a stream only: padding, and the name of what a chunk is. */
  private static final Set<String> OF_CHUNKS = Set.of("object", "obfuscation", "error");

  private final ScannedRequest request;
  private final String fallbackId;
  private final FoldBudget budget;
  private final ChunkReader reader = new ChunkReader();
  private final Members head;
  private final Members others;
  private final TreeMap<Long, ChoiceFold> choices = new TreeMap<>();
  private @Nullable ByteSlice usage;

  /**
   * Of nothing yet.
   *
   * @param fallbackId the {@code id} if the provider gives none
   * @param maxBytes the most bytes that are held of the chunks
   * @param memory of its request, for what is held
   */
  public AnswerFold(
      ScannedRequest request, String fallbackId, long maxBytes, AnswerMemory.Share memory) {
    this.request = request;
    this.fallbackId = fallbackId;
    this.budget = new FoldBudget(maxBytes, 2, memory); // in the end it is there as JSON too
    this.head = new Members(budget);
    this.others = new Members(budget);
  }

  /** Takes what a client would have got for an event that holds a chunk. */
  public Taken take(SseEvent event, Repaired repaired) {
    return switch (repaired) {
      case Repaired.AsItIs _ ->
          take(new ByteSlice(event.dataArray(), event.dataOffset(), event.dataLength()));
      case Repaired.Replaced(ByteSlice events) -> takeEvents(events);
      case Repaired.Dropped _ -> Taken.YES;
    };
  }

  /** Takes events of our own making: each a line of data, and an empty one. */
  public Taken takeEvents(ByteSlice events) {
    Taken taken = Taken.YES;
    int from = events.offset();
    for (int i = from; i < events.end() && taken == Taken.YES; i++) {
      if (events.array()[i] == '\n') {
        int length = i - from - DATA.length;
        if (length > 0) {
          taken = take(new ByteSlice(events.array(), from + DATA.length, length));
        }
        from = i + 1;
      }
    }
    return taken;
  }

  /** How many choices have their {@code finish_reason}. */
  public int finishedChoices() {
    return (int) choices.values().stream().filter(ChoiceFold::isFinished).count();
  }

  /**
   * The answer, as the body of a 200.
   *
   * @param estimate our own count, told if the provider sent none, and marked as such
   */
  public ByteSlice answer(Usage estimate) {
    boolean chat = request.operation() == Operation.CHAT_COMPLETIONS;
    JsonWriter json =
        new JsonWriter((int) Math.min(budget.takenBytes() + 512, 1 << 20)).beginObject();
    if (head.get("id") == null) {
      json.name("id").value(fallbackId);
    }
    json.name("object").value(chat ? "chat.completion" : "text_completion");
    if (head.get("created") == null) {
      json.name("created").value(0);
    }
    if (head.get("model") == null) {
      json.name("model").value(request.model());
    }
    head.writeTo(json);
    json.name("choices").beginArray();
    choices.forEach((index, choice) -> {
      if (chat) {
        choice.writeChat(json, index);
      } else {
        choice.writeCompletion(json, index);
      }
    });
    json.endArray();
    writeUsage(json, estimate);
    others.writeTo(json);
    return json.endObject().written();
  }

  private Taken take(ByteSlice chunk) {
    budget.takes(chunk.length());
    try {
      reader.read(chunk, this::member);
    } catch (MalformedJson e) {
      throw new IllegalStateException("a chunk that was read before", e);
    }
    return budget.state();
  }

  private void member(String name) throws MalformedJson {
    if (name.equals("choices")) {
      reader.array(this::choice);
    } else if (name.equals("usage")) {
      usage(reader.value());
    } else if (OF_THE_FIRST.contains(name)) {
      head.putFirst(name, reader.value());
    } else if (OF_CHUNKS.contains(name)) {
      reader.value();
    } else {
      others.putLast(name, reader.value());
    }
  }

  private void usage(ByteSlice value) {
    if (value.array()[value.offset()] == '{' && budget.isOpen()) {
      long before = usage == null ? 0 : usage.length();
      usage = value.copy();
      budget.holds(value.length() - before);
    }
  }

  private void choice() throws MalformedJson {
    Piece piece = new Piece(reader);
    long index = piece.indexOr(0);
    if (index >= 0 && index < request.choices() && budget.isOpen()) {
      piece.tell(choices.computeIfAbsent(index, _ -> newChoice())::member);
    }
  }

  private ChoiceFold newChoice() {
    budget.holds(FoldBudget.entryBytes());
    return new ChoiceFold(budget);
  }

  private void writeUsage(JsonWriter json, Usage estimate) {
    if (usage != null) {
      json.name("usage").raw(usage);
    } else {
      EstimatedUsage.writeTo(json, estimate);
      others.remove(EstimatedUsage.BESIDE);
    }
  }
}
