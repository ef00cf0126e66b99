package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;

/** A text of pieces whose room is told to a budget. */
final class HeldText {
  private static final ByteSlice COMMA = ByteSlice.of(",");

  private final FoldBudget budget;
  private final GrowingText text = new GrowingText();

  HeldText(FoldBudget budget) {
    this.budget = budget;
  }

  void append(ByteSlice piece) {
    if (budget.isOpen()) {
      long before = text.roomBytes();
      text.append(piece);
      budget.holds(text.roomBytes() - before);
    }
  }

  /** Adds an element to those before, with a comma. */
  void appendElement(ByteSlice element) {
    if (text.length() > 0) {
      append(COMMA);
    }
    append(element);
  }

  boolean isEmpty() {
    return text.length() == 0;
  }

  /** What it holds, not a copy. */
  ByteSlice slice() {
    return text.slice();
  }

  /** As a JSON string, which is escaped already. */
  ByteSlice quoted() {
    byte[] string = new byte[text.length() + 2];
    System.arraycopy(text.slice().array(), 0, string, 1, text.length());
    string[0] = '"';
    string[string.length - 1] = '"';
    return ByteSlice.of(string);
  }
}
