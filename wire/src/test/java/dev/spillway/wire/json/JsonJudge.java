package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Another reader's opinion: Jackson 3 on strictly decoded text. */
public final class JsonJudge {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonJudge() {}

  /** Whether the bytes are exactly one JSON value in valid UTF-8. */
  public static boolean accepts(byte[] bytes) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return false;
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return readsOne(parser);
    } catch (StreamReadException _) {
      return false;
    }
  }

  private static boolean readsOne(JsonParser parser) {
    if (parser.nextToken() == null) {
      return false;
    }
    parser.skipChildren();
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      parser.getString();
    }
    return parser.nextToken() == null;
  }
}
