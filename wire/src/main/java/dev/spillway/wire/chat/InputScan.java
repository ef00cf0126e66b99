package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/**
 * Counts the input of a request and keys its conversation, without making a string of it.
 *
 * <p>The estimate is bytes of UTF-8 / 4: about one token for four letters of English, for two of
 * Cyrillic or Greek, for four thirds of a Chinese or Japanese character, which is near what {@code
 * o200k_base} gives. It is a prior: whoever uses it corrects it per model and tenant by the usage
 * that providers report. Media count a constant each, never their base64.
 */
final class InputScan {
  /** What a chat template puts around each message. */
  private static final long MESSAGE_TOKENS = 4;

  /** Of UTF-8, in the estimate. */
  static final int BYTES_PER_TOKEN = 4;

  private static final byte[] ROLE = ascii("role");
  private static final byte[] USER = ascii("user");
  private static final byte[] TYPE = ascii("type");
  private static final byte[] REFERENCE = ascii("item_reference");
  private static final byte[][] MEDIA = {
    ascii("image_url"),
    ascii("input_audio"),
    ascii("file"),
    ascii("file_data"),
    ascii("file_url"),
    ascii("video_url"),
    ascii("audio_url"),
    ascii("source")
  };
  private static final byte[][] SILENT = {
    ROLE, TYPE, ascii("id"), ascii("tool_call_id"), ascii("detail")
  };

  private final JsonCursor cursor;
  private final ByteSlice body;
  private long bytes;
  private long numbers;
  private int media;
  private int messages;
  private int texts;
  private long conversation;
  private boolean isItself;
  private boolean isReference;

  InputScan(JsonCursor cursor, ByteSlice body) {
    this.cursor = cursor;
    this.body = body;
  }

  /** Reads an array of messages. */
  void messages(String name) throws MalformedJson, InvalidRequest {
    objects(name, Entry.MESSAGE);
  }

  /** Reads an array of messages, calls of tools, what they gave, and more. */
  void items(String name) throws MalformedJson, InvalidRequest {
    objects(name, Entry.ITEM);
  }

  /** Reads a text that stands beside the input, but is put before it. */
  void text() throws MalformedJson {
    content();
  }

  private enum Entry {
    MESSAGE,
    ITEM
  }

  private void objects(String name, Entry entry) throws MalformedJson, InvalidRequest {
    cursor.beginArray();
    int from = -1;
    while (cursor.nextElement()) {
      if (cursor.kind() != JsonKind.OBJECT) {
        throw new InvalidRequest(name, "of the wrong type (expected: an array of objects)");
      }
      from = from < 0 ? cursor.position() : from;
      boolean ofUser = message();
      if (entry == Entry.ITEM && (isReference || !isItself)) {
        throw new InvalidRequest(
            name + ".item_reference",
            "not served here: items are not found again by their id (expected: the items"
                + " themselves, or 'previous_response_id')");
      }
      if (ofUser && conversation == 0) {
        conversation = StableHash.of(body, from, cursor.endOfValue());
      }
    }
    if (conversation == 0 && from >= 0) {
      conversation = StableHash.of(body, from, cursor.endOfValue());
    }
  }

  /** Reads a text or tokens, or an array of either. */
  void texts() throws MalformedJson {
    if (cursor.kind() == JsonKind.STRING) {
      content();
      texts = 1;
      return;
    }
    boolean tokens = false;
    cursor.beginArray();
    while (cursor.nextElement()) {
      tokens |= cursor.kind() == JsonKind.NUMBER;
      texts++;
      content();
    }
    texts = tokens ? 1 : texts;
  }

  /** Counts text that the provider puts before the messages, such as tools. */
  void addBytes(long more) {
    bytes += more;
  }

  /** The estimate; at least 1. */
  long tokens() {
    long text = bytes / BYTES_PER_TOKEN + numbers;
    return Math.max(1, text + media * MediaEstimates.SEEN_IMAGE_TOKENS + messages * MESSAGE_TOKENS);
  }

  /** The key; 0 if there is none. */
  long conversation() {
    return conversation;
  }

  boolean hasMedia() {
    return media > 0;
  }

  /** How many texts there are; an array of tokens is one. */
  int textCount() {
    return texts;
  }

  /** Whether there was any input. */
  boolean isPresent() {
    return messages + texts > 0;
  }

  private boolean message() throws MalformedJson {
    boolean ofUser = false;
    isItself = false;
    isReference = false;
    messages++;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(ROLE) && cursor.kind() == JsonKind.STRING) {
        cursor.skipString();
        ofUser = cursor.textIs(USER);
        isItself = true;
      } else if (cursor.nameIs(TYPE) && cursor.kind() == JsonKind.STRING) {
        cursor.skipString();
        isReference |= cursor.textIs(REFERENCE);
        isItself = true;
      } else {
        member();
      }
    }
    return ofUser;
  }

  private void member() throws MalformedJson {
    if (isNamed(MEDIA)) {
      media++;
      cursor.skip();
    } else if (isNamed(SILENT)) {
      cursor.skip();
    } else {
      content();
    }
  }

  private boolean isNamed(byte[][] names) {
    for (byte[] name : names) {
      if (cursor.nameIs(name)) {
        return true;
      }
    }
    return false;
  }

  /** Recursion is bounded by the cursor's depth. */
  private void content() throws MalformedJson {
    switch (cursor.kind()) {
      case STRING -> {
        cursor.skipString();
        bytes += cursor.textBytes();
      }
      case OBJECT -> {
        cursor.beginObject();
        while (cursor.nextMember()) {
          member();
        }
      }
      case ARRAY -> {
        cursor.beginArray();
        while (cursor.nextElement()) {
          content();
        }
      }
      case NUMBER -> {
        cursor.skip();
        numbers++;
      }
      case BOOLEAN, NULL -> cursor.skip();
    }
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
