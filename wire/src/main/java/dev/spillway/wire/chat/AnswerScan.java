package dev.spillway.wire.chat;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.error.ErrorObject;
import dev.spillway.wire.json.ByteSlice;
import org.jspecify.annotations.Nullable;

/** Whether the body of a 200 that did not stream is a whole answer. */
public sealed interface AnswerScan {
  /**
   * It is.
   *
   * @param usage the provider's count; null if it sent none
   * @param contentBytes UTF-8 bytes of all content, unescaped; a measure of its tokens
   */
  record Whole(@Nullable Usage usage, int contentBytes) implements AnswerScan {}

  /** It is the beginning of one that is made in the background; nobody counted anything yet. */
  record Begun() implements AnswerScan {}

  /** It is an error object in spite of its status. */
  record ErrorInside(ErrorObject error) implements AnswerScan {}

  /**
   * It is not an answer.
   *
   * @param why what is wrong with it, without any of its text
   */
  record NotAnAnswer(String why) implements AnswerScan {}

  /** Reads a body once; never throws, whatever the bytes are. */
  static AnswerScan of(Operation operation, ByteSlice body) {
    if (body.length() == 0) {
      return new NotAnAnswer("an empty body");
    }
    return switch (operation.output()) {
      case RESPONSE, MESSAGE -> new TypedAnswerScanner(operation, body).scan();
      case CHOICES, LIST, MEMBER, TRANSCRIPT, OCTETS -> new AnswerScanner(operation, body).scan();
    };
  }
}
