package dev.spillway.wire.aggregate;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream of an answer that its provider sent all at once though a stream was asked for: the
 * reverse of {@link AnswerFold}.
 *
 * <p>All of the answer becomes one chunk, whose {@code finish_reason} is in it, as engines send
 * their last; its usage becomes another, without choices. Values are not changed: a {@code message}
 * is called {@code delta}, and its calls of tools get their {@code index}.
 */
public final class AnswerUnfold {
  private final boolean chat;
  private final ChunkReader reader = new ChunkReader();
  private final JsonWriter head = new JsonWriter(256);
  private final JsonWriter choices;
  private @Nullable ByteSlice usage;
  private long choice;
  private long call;

  private AnswerUnfold(Operation operation, int expectedBytes) {
    this.chat = operation == Operation.CHAT_COMPLETIONS;
    this.choices = new JsonWriter(expectedBytes).beginArray();
  }

  /**
   * The events, without {@code [DONE]}.
   *
   * @param operation chat or completions
   * @param answer a body that was found to be a whole answer
   */
  public static ByteSlice events(Operation operation, ByteSlice answer) {
    AnswerUnfold unfold = new AnswerUnfold(operation, answer.length() + 64);
    try {
      unfold.reader.read(answer, unfold::member);
    } catch (MalformedJson e) {
      throw new IllegalStateException("an answer that was read before", e);
    }
    return unfold.written();
  }

  private ByteSlice written() {
    choices.endArray();
    JsonWriter events = new JsonWriter(choices.written().length() + 1_024);
    write(events, choices.written(), null);
    if (usage != null) {
      write(events, ByteSlice.of("[]"), usage);
    }
    return events.written();
  }

  private void write(JsonWriter events, ByteSlice ofChoices, @Nullable ByteSlice ofUsage) {
    events.verbatim("data: ").beginObject();
    events.name("object").value(chat ? "chat.completion.chunk" : "text_completion");
    if (head.written().length() > 0) {
      events.raw(line(head.written()));
    }
    events.name("choices").raw(line(ofChoices));
    if (ofUsage != null) {
      events.name("usage").raw(line(ofUsage));
    }
    events.endObject().verbatim("\n\n");
  }

  private void member(String name) throws MalformedJson {
    switch (name) {
      case "choices" -> reader.array(this::choice);
      case "object" -> reader.value();
      case "usage" -> {
        boolean told = reader.kind() == JsonKind.OBJECT;
        ByteSlice value = reader.value();
        usage = told ? value : null;
      }
      default -> head.name(name).raw(reader.value());
    }
  }

  private void choice() throws MalformedJson {
    choices.beginObject().name("index").value(choice++);
    reader.object(this::ofChoice);
    choices.endObject();
  }

  private void ofChoice(String name) throws MalformedJson {
    if (name.equals("index")) {
      reader.value();
    } else if (chat && name.equals("message")) {
      choices.name("delta").beginObject();
      reader.object(this::ofMessage);
      choices.endObject();
    } else {
      choices.name(name).raw(reader.value());
    }
  }

  private void ofMessage(String name) throws MalformedJson {
    choices.name(name);
    if (name.equals("tool_calls") && reader.kind() == JsonKind.ARRAY) {
      call = 0;
      choices.beginArray();
      reader.array(this::call);
      choices.endArray();
    } else {
      choices.raw(reader.value());
    }
  }

  private void call() throws MalformedJson {
    choices.beginObject().name("index").value(call++);
    reader.object(name -> {
      ByteSlice value = reader.value();
      if (!name.equals("index")) {
        choices.name(name).raw(value);
      }
    });
    choices.endObject();
  }

  /** The same JSON in one line: a line's end stands between tokens only, a string holds none. */
  private static ByteSlice line(ByteSlice json) {
    byte[] line = json.copy().array();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return ByteSlice.of(line);
  }
}
