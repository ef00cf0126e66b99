package dev.spillway.wire.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.chat.TokenCounts;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Completions before chat: {@code choices[].text}, whole when every choice has its {@code
 * finish_reason}; the usage comes after that, so the stream ends with {@code [DONE]} only.
 */
final class CompletionEvents implements EventReading {
  private static final byte[] CHOICES = ascii("choices");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] FINISH_REASON = ascii("finish_reason");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] ERROR = ascii("error");

  private final JsonCursor cursor = new JsonCursor();
  private final TokenCounts tokens = new TokenCounts(cursor);
  private final int expectedChoices;
  private final boolean usageAsked;
  private long contentBytes;
  private int finished;
  private int choices;
  private boolean usage;
  private boolean error;

  CompletionEvents(ScannedRequest request) {
    this.expectedChoices = request.choices();
    this.usageAsked = request.has(Feature.USAGE_CHUNK);
  }

  @Override
  public EventMeaning read(byte[] data, int offset, int length) {
    choices = 0;
    usage = false;
    error = false;
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
    if (error) {
      return EventMeaning.ERROR;
    }
    if (choices == 0) {
      return usage && !usageAsked ? EventMeaning.WITHHELD : EventMeaning.PRELUDE;
    }
    return EventMeaning.CONTENT;
  }

  @Override
  public boolean isWhole() {
    return finished >= expectedChoices;
  }

  @Override
  public boolean endsWithDone() {
    return true;
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
  public @Nullable String id() {
    return null;
  }

  private void member() throws MalformedJson {
    if (cursor.nameIs(CHOICES) && cursor.kind() == JsonKind.ARRAY) {
      cursor.beginArray();
      while (cursor.nextElement()) {
        choices++;
        choice();
      }
    } else if (cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT) {
      tokens.read();
      usage = true;
    } else if (cursor.nameIs(ERROR)) {
      error = cursor.kind() != JsonKind.NULL;
      cursor.skip();
    } else {
      cursor.skip();
    }
  }

  private void choice() throws MalformedJson {
    if (cursor.kind() != JsonKind.OBJECT) {
      cursor.skip();
      return;
    }
    boolean ends = false;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(TEXT) && cursor.kind() == JsonKind.STRING) {
        cursor.skipString();
        contentBytes += cursor.textBytes();
      } else if (cursor.nameIs(FINISH_REASON)) {
        ends = cursor.kind() == JsonKind.STRING;
        cursor.skip();
      } else {
        cursor.skip();
      }
    }
    finished += ends ? 1 : 0;
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
