package dev.spillway.wire.aggregate;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Makes the whole answer to a request that does not stream from the events of its provider's
 * stream, as the provider would have sent it at once. Holds what it needs of each event.
 *
 * <p>Not thread-safe: one attempt, one fold.
 */
public abstract sealed class EventFold permits ResponseFold, MessageFold {
  final FoldBudget budget;
  final ChunkReader reader = new ChunkReader();

  EventFold(FoldBudget budget) {
    this.budget = budget;
  }

  /**
   * Of nothing yet.
   *
   * @param maxBytes the most bytes that are held of the events
   * @param memory of its request, for what is held
   */
  public static EventFold of(Operation operation, long maxBytes, AnswerMemory.Share memory) {
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
  public static boolean canFold(Operation operation) {
    return operation == Operation.RESPONSES || operation == Operation.MESSAGES;
  }

  /** Takes the data of an event, which is JSON. */
  public final Taken take(ByteSlice data) {
    budget.takes(data.length());
    try {
      read(data);
    } catch (MalformedJson e) {
      throw new IllegalStateException("an event that was read before", e);
    }
    return budget.state();
  }

  /** The answer, as the body of a 200; null if what was taken makes none. */
  public abstract @Nullable ByteSlice answer();

  /** Nothing is held any more. */
  public final void release() {
    budget.release();
    forget();
  }

  /** Lets go of what it holds. */
  abstract void forget();

  /** Keeps what the answer needs of an event, of which it holds no reference. */
  abstract void read(ByteSlice data) throws MalformedJson;
}
