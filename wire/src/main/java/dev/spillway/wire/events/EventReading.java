package dev.spillway.wire.events;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one stream, each once and in order; their bytes are never changed.
 *
 * <p>Not thread-safe: one stream, one reading.
 */
public sealed interface EventReading permits TypedEvents, TranscriptEvents {
  /** For the stream that answers this request, which is not one of chunks. */
  static EventReading of(ScannedRequest request) {
    return switch (request.operation()) {
      case RESPONSES ->
          request.has(Feature.BACKGROUND)
              ? TypedEvents.inBackground(EventTypes.RESPONSES)
              : new TypedEvents(EventTypes.RESPONSES);
      case IMAGE_GENERATIONS, IMAGE_EDITS, SPEECH ->
          TypedEvents.ofSeveral(EventTypes.MEDIA, request.choices());
      case TRANSCRIPTIONS, TRANSLATIONS -> new TranscriptEvents();
      case MESSAGES -> new TypedEvents(EventTypes.MESSAGES);
      case RESPONSE -> TypedEvents.again(EventTypes.RESPONSES);
      case CHAT_COMPLETIONS,
          COMPLETIONS,
          EMBEDDINGS,
          MODERATIONS,
          RESPONSE_DELETION,
          RESPONSE_CANCELLATION,
          RESPONSE_INPUT,
          MESSAGE_TOKENS ->
          throw new IllegalArgumentException(
              "operation: " + request.operation() + " (expected: one whose events are read here)");
    };
  }

  /** Reads the data of one event: neither empty nor {@code [DONE]}. */
  EventMeaning read(byte[] data, int offset, int length);

  /** Hears that the provider sent {@code [DONE]}; whether that is for the client as well. */
  default boolean done() {
    return false;
  }

  /** Whether the provider has said that the answer is finished: it may end here. */
  boolean isWhole();

  /** Whether it must end here: no more of it is to be waited for. */
  default boolean hasAll() {
    return isWhole();
  }

  /** UTF-8 bytes of the answer so far, unescaped; a measure of its tokens. */
  long contentBytes();

  /** The provider's count; null if it sent none yet. */
  @Nullable Usage usage();

  /** Whether the event that was read last names the answer by the provider's id of it. */
  boolean carriesId();
}
