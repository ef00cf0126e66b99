package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/** An element of a list whose elements come in pieces, told apart by their {@code index}. */
final class Piece {
  private static final long MISSING = -1;

  private final ByteSlice json;
  private final ChunkReader reader = new ChunkReader();
  private long index = MISSING;
  private boolean hasId;

  /** Reads what is the next value there. */
  Piece(ChunkReader from) throws MalformedJson {
    json = from.value();
    reader.read(json, this::head);
  }

  /** Told each member but the index; must pass over its value with the reader. */
  interface Sink {
    void member(String name, ChunkReader reader) throws MalformedJson;
  }

  /** What it says; {@code otherwise} if it says none. */
  long indexOr(long otherwise) {
    return index == MISSING ? otherwise : index;
  }

  /** Whether it has an {@code id}, as the first piece of a call does. */
  boolean hasId() {
    return hasId;
  }

  void tell(Sink sink) throws MalformedJson {
    reader.read(
        json,
        name -> {
          if (name.equals("index")) {
            reader.value();
          } else {
            sink.member(name, reader);
          }
        });
  }

  private void head(String name) throws MalformedJson {
    if (name.equals("index")) {
      index = reader.integerOr(MISSING);
      return;
    }
    hasId |= name.equals("id") && reader.kind() == JsonKind.STRING;
    reader.value();
  }
}
