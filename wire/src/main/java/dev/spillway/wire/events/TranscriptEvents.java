package dev.spillway.wire.events;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts;
import org.jspecify.annotations.Nullable;

/**
 * The events of a transcript: typed, as of OpenAI, or vLLM's chunks, which are those of a chat by
 * another name ({@code transcription.chunk}) and have no type.
 *
 * <p>Of chunks only {@code [DONE]} says that all of them came: vLLM cuts long sound to pieces, and
 * tells a {@code finish_reason} for each (speech_to_text.py, read 2026-11-28). Its clients look for
 * {@code [DONE]}, so it goes on.
 */
final class TranscriptEvents implements EventReading {
  private final TypedEvents typed = new TypedEvents(EventTypes.MEDIA);
  private final ChunkFacts chunk = new ChunkFacts();
  private long chunkBytes;
  private boolean anyChunk;
  private boolean done;

  @Override
  public EventMeaning read(byte[] data, int offset, int length) {
    EventMeaning meaning = typed.read(data, offset, length);
    if (meaning != EventMeaning.PRELUDE
        || chunk.read(data, offset, length) != ChunkFacts.Shape.CHUNK) {
      return meaning;
    }
    anyChunk = true;
    chunkBytes += chunk.contentBytes();
    return chunk.isOfTheModel() ? EventMeaning.CONTENT : EventMeaning.PRELUDE;
  }

  @Override
  public boolean done() {
    done = anyChunk;
    return done;
  }

  @Override
  public boolean isWhole() {
    return done || typed.isWhole();
  }

  @Override
  public boolean hasAll() {
    return done || typed.hasAll();
  }

  @Override
  public long contentBytes() {
    return chunkBytes + typed.contentBytes();
  }

  @Override
  public @Nullable Usage usage() {
    return typed.usage();
  }

  @Override
  public boolean carriesId() {
    return typed.carriesId();
  }
}
