package dev.spillway.wire.aggregate;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.json.ByteSlice;
import org.jspecify.annotations.Nullable;

/**
 * Makes the whole answer to a request that does not stream from the events of its provider's
 * stream, as the provider would have sent it at once. Holds what it needs of each event.
 *
 * <p>Not thread-safe: one attempt, one fold.
 */
public sealed interface EventFold permits ResponseFold, MessageFold {
  /**
   * Of nothing yet.
   *
   * @param maxBytes the most bytes that are held of the events
   * @param memory of its request, for what is held
   */
  static EventFold of(Operation operation, long maxBytes, AnswerMemory.Share memory) {
    FoldBudget budget = new FoldBudget(maxBytes, 1, memory);
    return switch (operation) {
      case RESPONSES -> new ResponseFold(budget);
      case MESSAGES -> new MessageFold(budget);
      default ->
          throw new IllegalArgumentException(
              "operation: " + operation + " (expected: one whose events can be folded)");
    };
  }

  /** Whether its stream is made of events that can be folded. */
  static boolean canFold(Operation operation) {
    return operation == Operation.RESPONSES || operation == Operation.MESSAGES;
  }

  /** Takes the data of an event, which is JSON. */
  Taken take(ByteSlice data);

  /** The answer, as the body of a 200; null if what was taken makes none. */
  @Nullable ByteSlice answer();

  /** Nothing is held any more. */
  void release();
}
