package dev.spillway.wire.events;

/** What one event of a stream means to the relay. */
public enum EventMeaning {
  /** Comes before the answer, or beside it: no reason yet to show the client anything. */
  PRELUDE,
  /** The model began a part of the answer, in which nothing is yet: a sign of life. */
  OPENING,
  /** Part of the answer. */
  CONTENT,
  /** The provider's count, for which the client did not ask: not for the client. */
  WITHHELD,
  /** The last event of a whole answer. */
  LAST,
  /** The provider says that it failed. */
  ERROR,
  /** Not one JSON object. */
  MALFORMED
}
