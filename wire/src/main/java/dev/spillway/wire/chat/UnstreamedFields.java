package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.Set;

/**
 * Fields of chat and completions that providers refuse of a stream, or answer otherwise in one: a
 * request that has them may not be made one that streams.
 *
 * <p>OpenAI streams no sound but {@code pcm16}, and no {@code best_of}; vLLM neither log
 * probabilities of the prompt nor beams, and what {@code return_*} asks for piece by piece, of the
 * whole or not at all, as SGLang does (their references and {@code protocol.py}, read 2026-11).
 */
final class UnstreamedFields {
  private static final Set<String> NAMES = Set.of("audio", "prompt_logprobs", "use_beam_search");
  private static final String ENGINES_OWN = "return_";
  private static final byte[] TEXT = "text".getBytes(ISO_8859_1);

  private final JsonCursor cursor;
  private boolean asked;

  UnstreamedFields(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** Passes over the value of a field, which is not null, and notes what it asks for. */
  void pass(String name) throws MalformedJson {
    switch (name) {
      case "modalities" -> asked |= !isTextAlone();
      case "best_of" -> asked |= !isOne();
      default -> {
        boolean on = isOn();
        asked |= on && (NAMES.contains(name) || name.startsWith(ENGINES_OWN));
      }
    }
  }

  /** Whether one of them was there, and asked for what no stream has. */
  boolean isAsked() {
    return asked;
  }

  /** Anything but false: engines read flags and numbers in more than one way. */
  boolean isOn() throws MalformedJson {
    if (cursor.kind() == JsonKind.BOOLEAN) {
      return cursor.bool();
    }
    cursor.skip();
    return true;
  }

  private boolean isOne() throws MalformedJson {
    if (cursor.kind() == JsonKind.NUMBER) {
      return cursor.integerOr(0) == 1;
    }
    cursor.skip();
    return false;
  }

  private boolean isTextAlone() throws MalformedJson {
    if (cursor.kind() != JsonKind.ARRAY) {
      cursor.skip();
      return false;
    }
    boolean textAlone = true;
    cursor.beginArray();
    while (cursor.nextElement()) {
      if (cursor.kind() == JsonKind.STRING) {
        cursor.skipString();
        textAlone &= cursor.textIs(TEXT);
      } else {
        cursor.skip();
        textAlone = false;
      }
    }
    return textAlone;
  }
}
