package dev.spillway.simulator.live;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The messages of a request, read one after another: counted, and remembered where it matters. */
final class Conversation {
  private final String field;
  private final PromptCount count = new PromptCount();
  private long hashBeforeLast = count.hash();
  private int messages;
  private @Nullable String role;
  private StringBuilder said = new StringBuilder();
  private Wish wish = new Wish.Nothing();

  /**
   * None yet.
   *
   * @param field where they stand in the body
   */
  Conversation(String field) {
    this.field = field;
  }

  /** Reads the array of messages that the parser stands at. */
  void readAll(JsonParser json) throws RequestRefused {
    Body.expect(json, JsonToken.START_ARRAY, field, "an array of messages");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Body.expect(json, JsonToken.START_OBJECT, field, "an array of objects");
      hashBeforeLast = count.hash();
      role = null;
      said = new StringBuilder();
      Body.fields(json, this::messageField);
      messages++;
      noteWish();
    }
  }

  /** Reads a text that stands for a user's message. */
  void readOne(JsonParser json) throws RequestRefused {
    hashBeforeLast = count.hash();
    role = null;
    said = new StringBuilder();
    text(json);
    messages++;
    noteWish();
  }

  /** Counts a text that is not a message. */
  void addAside(JsonParser json) {
    count.add(json);
  }

  /** All of it, to be answered by a new message. */
  Prompt toAnswer() throws RequestRefused {
    checkNotEmpty();
    return new Prompt(count.tokens(), count.hash(), "", wish);
  }

  /** All of it, its last message to be gone on with. */
  Prompt toContinue() throws RequestRefused {
    checkNotEmpty();
    if (!"assistant".equals(role)) {
      throw Body.invalid("continue_final_message", "false, unless the assistant spoke last");
    }
    return new Prompt(count.tokens(), hashBeforeLast, said.toString(), wish);
  }

  private void checkNotEmpty() throws RequestRefused {
    if (messages == 0) {
      throw Body.invalid(field, "at least one message");
    }
  }

  /** Counts the text of a message, and that of its parts. */
  private void messageField(String name, JsonParser json) throws RequestRefused {
    switch (json.currentToken()) {
      case VALUE_STRING -> {
        if (name.equals("role")) {
          role = json.getString();
        }
        if (name.equals("content") || name.equals("output")) {
          text(json);
        } else {
          count.add(json);
        }
      }
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (json.currentToken() == JsonToken.START_OBJECT) {
            Body.fields(json, this::partField);
          }
        }
      }
      case VALUE_NULL -> {}
      default -> {
        if (name.equals("content")) {
          throw Body.invalid(field, "content as a string or an array of parts");
        }
        json.skipChildren();
      }
    }
  }

  private void partField(String name, JsonParser json) {
    if (name.equals("text") && json.currentToken() == JsonToken.VALUE_STRING) {
      text(json);
    } else {
      json.skipChildren();
    }
  }

  /** Long texts are remembered only if they are an answer, which may have to be gone on with. */
  private void text(JsonParser json) {
    count.add(json);
    boolean isShort = json.getStringLength() + said.length() <= Wish.LONGEST_TEXT;
    if (isShort || "assistant".equals(role)) {
      said.append(json.getString());
    }
  }

  private void noteWish() {
    if (!"assistant".equals(role)) {
      wish = Wish.in(said.toString());
    }
  }
}
