package dev.spillway.wire.kept;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Splice;
import java.util.function.UnaryOperator;

/**
 * Gives a response another id, and the one that it goes on from; no other byte changes.
 *
 * <p>Of a stream only the events that tell how the response is doing hold an id, some four of them,
 * so this second look costs a stream next to nothing. Not thread-safe.
 */
public final class ResponseIdEdit {
  private static final byte[] RESPONSE = ascii("response");
  private static final byte[] ID = ascii("id");
  private static final byte[] PREVIOUS = ascii("previous_response_id");

  /** A name costs a proof; no response has more of them than two, or some that come again. */
  private static final int MOST_NAMED = 16;

  private static final ByteSlice NO_NAME = ByteSlice.of("\"\"");

  private final UnaryOperator<String> naming;
  private final JsonCursor cursor = new JsonCursor();
  private int named;

  /** By this rule: the provider's id in, ours out. */
  public ResponseIdEdit(UnaryOperator<String> naming) {
    this.naming = naming;
  }

  /** Of a body that is a response; it was read before, and is JSON. */
  public Splice body(ByteSlice json) {
    named = 0;
    Splice.Builder splice = new Splice.Builder(json.length());
    try {
      cursor.reset(json);
      response(splice);
    } catch (MalformedJson e) {
      throw new IllegalStateException("a body that was read before is not JSON", e);
    }
    return splice.build();
  }

  /** Of the data of an event that holds a response; it was read before, and is JSON. */
  public Splice event(ByteSlice data) {
    named = 0;
    Splice.Builder splice = new Splice.Builder(data.length());
    try {
      cursor.reset(data);
      cursor.beginObject();
      while (cursor.nextMember()) {
        if (cursor.nameIs(RESPONSE) && cursor.kind() == JsonKind.OBJECT) {
          response(splice);
        } else {
          cursor.skip();
        }
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("an event that was read before is not JSON", e);
    }
    return splice.build();
  }

  private void response(Splice.Builder splice) throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      boolean isName = cursor.nameIs(ID) || cursor.nameIs(PREVIOUS);
      if (isName && cursor.kind() == JsonKind.STRING) {
        int from = cursor.position();
        ByteSlice ours = ours();
        splice.replace(from, cursor.endOfValue(), ours);
      } else {
        cursor.skip();
      }
    }
  }

  private ByteSlice ours() throws MalformedJson {
    if (named == MOST_NAMED) {
      cursor.skipString();
      return NO_NAME;
    }
    named++;
    String ours = naming.apply(cursor.string());
    return new JsonWriter(ours.length() + 16).value(ours).written();
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
