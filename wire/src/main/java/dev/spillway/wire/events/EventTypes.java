package dev.spillway.wire.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.JsonCursor;
import java.util.Arrays;
import java.util.List;

/**
 * Which {@code type} of event means what, in the APIs whose events have one. A type that is not
 * here is part of the answer: new ones come with every month.
 */
final class EventTypes {
  /** {@code /responses}: 58 types; five say how it ends. */
  static final EventTypes RESPONSES =
      new EventTypes(
          names("response.created", "response.queued", "response.in_progress"),
          names(
              "response.output_item.added",
              "response.content_part.added",
              "response.reasoning_summary_part.added"),
          names("response.completed", "response.incomplete", "response.failed"),
          names(),
          names("error"));

  /** Anthropic's {@code /messages}. */
  static final EventTypes MESSAGES =
      new EventTypes(
          names("message_start", "ping"),
          names("content_block_start"),
          names("message_stop"),
          names(),
          names("error"));

  /** Speech, transcripts and images: each ends with its connection, after the last of these. */
  static final EventTypes MEDIA =
      new EventTypes(
          names(),
          names(),
          names(),
          names(
              "speech.audio.done",
              "transcript.text.done",
              "image_generation.completed",
              "image_edit.completed"),
          names("error"));

  private final List<byte[]> preludes;
  private final List<byte[]> openings;
  private final List<byte[]> last;
  private final List<byte[]> completing;
  private final List<byte[]> errors;

  private EventTypes(
      List<byte[]> preludes,
      List<byte[]> openings,
      List<byte[]> last,
      List<byte[]> completing,
      List<byte[]> errors) {
    this.preludes = preludes;
    this.openings = openings;
    this.last = last;
    this.completing = completing;
    this.errors = errors;
  }

  /** What the string that the cursor has just skipped says. */
  Sort sort(JsonCursor cursor) {
    if (isAny(errors, cursor)) {
      return Sort.ERROR;
    }
    if (isAny(last, cursor)) {
      return Sort.LAST;
    }
    if (isAny(completing, cursor)) {
      return Sort.COMPLETING;
    }
    if (isAny(openings, cursor)) {
      return Sort.OPENING;
    }
    return isAny(preludes, cursor) ? Sort.PRELUDE : Sort.CONTENT;
  }

  /** What a type says. */
  enum Sort {
    PRELUDE,
    /** The model began a part of the answer, in which nothing is yet. */
    OPENING,
    CONTENT,
    /** The answer is finished, but more events may come. */
    COMPLETING,
    LAST,
    ERROR
  }

  private static boolean isAny(List<byte[]> names, JsonCursor cursor) {
    for (int i = 0; i < names.size(); i++) {
      if (cursor.textIs(names.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static List<byte[]> names(String... names) {
    return Arrays.stream(names).map(name -> name.getBytes(ISO_8859_1)).toList();
  }
}
