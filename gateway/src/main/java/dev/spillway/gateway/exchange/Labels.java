package dev.spillway.gateway.exchange;

import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.chat.AnswerType;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says of how it came about.
 *
 * @param decisionId by which {@code explain} finds the decisions
 * @param served who answers; null if nobody does
 * @param type what the answer is
 */
public record Labels(String decisionId, @Nullable Served served, AnswerType type) {
  /** Of an error. */
  static Labels ofError(String decisionId) {
    return new Labels(decisionId, null, AnswerType.JSON);
  }
}
