package dev.spillway.wire.aggregate;

/** What became of a piece of an answer that is folded. */
public enum Taken {
  /** It is part of the answer. */
  YES,
  /** The answer is longer than is taken; no more may be told. */
  TOO_LONG,
  /** There is no memory for more of it; no more may be told. */
  NO_ROOM
}
