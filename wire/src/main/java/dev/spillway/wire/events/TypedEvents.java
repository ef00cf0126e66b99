package dev.spillway.wire.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ResponseFailures;
import dev.spillway.wire.chat.TokenCounts;
import dev.spillway.wire.error.FlatError;
import dev.spillway.wire.events.EventTypes.Sort;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Events that say by their {@code type} what they are. The count of tokens is beside the type, or
 * in the {@code response} or {@code message} that the event carries; counts of several events add
 * up to one, each field from the last that says it.
 */
final class TypedEvents implements EventReading {
  private static final byte[] TYPE = ascii("type");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] RESPONSE = ascii("response");
  private static final byte[] MESSAGE = ascii("message");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] ID = ascii("id");
  private static final byte[] CODE = ascii("code");

  private final EventTypes types;
  private final int expected;
  private final JsonCursor cursor = new JsonCursor();
  private final TokenCounts tokens = new TokenCounts(cursor);
  private long contentBytes;
  private boolean whole;
  private int completed;
  private Sort sort = Sort.CONTENT;
  private boolean typed;
  private boolean begun;
  private boolean failed;
  private boolean carriesId;
  private boolean saysMessage;
  private boolean beginsAtOnce;

  TypedEvents(EventTypes types) {
    this(types, 1);
  }

  private TypedEvents(EventTypes types, int expected) {
    this.types = types;
    this.expected = expected;
  }

  /** Of so many answers, one behind the other; each says that it is complete. */
  static TypedEvents ofSeveral(EventTypes types, int expected) {
    return new TypedEvents(types, expected);
  }

  /**
   * Of an answer that was made before, or is being made: nobody else has it, so that there is
   * nothing to wait for, and however it ended, that is what was asked for.
   */
  static TypedEvents again(EventTypes types) {
    TypedEvents events = inBackground(types);
    events.begun = true;
    return events;
  }

  /** Of an answer that is made from its first event on, whoever waits for it. */
  static TypedEvents inBackground(EventTypes types) {
    TypedEvents events = new TypedEvents(types);
    events.beginsAtOnce = true;
    return events;
  }

  @Override
  public EventMeaning read(byte[] data, int offset, int length) {
    sort = Sort.CONTENT;
    typed = false;
    failed = false;
    carriesId = false;
    saysMessage = false;
    try {
      cursor.reset(data, offset, length);
      cursor.beginObject();
      while (cursor.nextMember()) {
        member();
      }
      cursor.end();
    } catch (MalformedJson _) {
      return EventMeaning.MALFORMED;
    }
    if (sort == Sort.CONTENT
        && (saysMessage || !typed)
        && FlatError.is(new ByteSlice(data, offset, length))) {
      return EventMeaning.ERROR;
    }
    return meaning();
  }

  @Override
  public boolean isWhole() {
    return whole;
  }

  @Override
  public boolean hasAll() {
    return whole && completed >= expected;
  }

  @Override
  public long contentBytes() {
    return contentBytes;
  }

  @Override
  public @Nullable Usage usage() {
    return tokens.isPresent() ? tokens.toUsage() : null;
  }

  @Override
  public boolean carriesId() {
    return carriesId;
  }

  private EventMeaning meaning() {
    return switch (sort) {
      case ERROR -> EventMeaning.ERROR;
      case LAST -> last();
      case COMPLETING -> {
        begun = true;
        whole = true;
        completed++;
        yield EventMeaning.CONTENT;
      }
      case PRELUDE -> {
        begun |= beginsAtOnce;
        yield beginsAtOnce ? EventMeaning.CONTENT : EventMeaning.PRELUDE;
      }
      case OPENING -> EventMeaning.OPENING;
      case CONTENT -> {
        begun |= typed;
        yield typed ? EventMeaning.CONTENT : EventMeaning.PRELUDE;
      }
    };
  }

  /**
   * One that failed for a reason of the provider's is an error as long as another may still answer;
   * the last event that it is, clients read it as what it says.
   */
  private EventMeaning last() {
    if (failed && !begun) {
      return EventMeaning.ERROR;
    }
    whole = true;
    completed = expected;
    return EventMeaning.LAST;
  }

  private void member() throws MalformedJson {
    if (cursor.nameIs(TYPE) && cursor.kind() == JsonKind.STRING) {
      cursor.skipString();
      typed = true;
      sort = sort == Sort.ERROR ? Sort.ERROR : types.sort(cursor);
    } else if (cursor.nameIs(DELTA)) {
      delta();
    } else if (cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT) {
      tokens.read();
    } else if (carriesAnswer() && cursor.kind() == JsonKind.OBJECT) {
      answer();
    } else if (cursor.nameIs(ERROR)) {
      sort = cursor.kind() == JsonKind.OBJECT ? Sort.ERROR : sort;
      cursor.skip();
    } else {
      saysMessage |= cursor.nameIs(MESSAGE) && cursor.kind() == JsonKind.STRING;
      cursor.skip();
    }
  }

  private boolean carriesAnswer() {
    return cursor.nameIs(RESPONSE) || cursor.nameIs(MESSAGE);
  }

  /** A text, or an object with texts in it. */
  private void delta() throws MalformedJson {
    switch (cursor.kind()) {
      case STRING -> {
        cursor.skipString();
        contentBytes += cursor.textBytes();
      }
      case OBJECT -> {
        cursor.beginObject();
        while (cursor.nextMember()) {
          if (!cursor.nameIs(TYPE) && cursor.kind() == JsonKind.STRING) {
            cursor.skipString();
            contentBytes += cursor.textBytes();
          } else {
            cursor.skip();
          }
        }
      }
      case ARRAY, NUMBER, BOOLEAN, NULL -> cursor.skip();
    }
  }

  private void failure() throws MalformedJson {
    failed = true;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(CODE) && cursor.kind() == JsonKind.STRING) {
        failed = ResponseFailures.isProviders(cursor.string());
      } else {
        cursor.skip();
      }
    }
  }

  private void answer() throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT) {
        tokens.read();
      } else if (cursor.nameIs(ID) && cursor.kind() == JsonKind.STRING) {
        carriesId = true;
        cursor.skip();
      } else if (cursor.nameIs(ERROR) && cursor.kind() == JsonKind.OBJECT) {
        failure();
      } else {
        cursor.skip();
      }
    }
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
