package dev.spillway.core.routing;

/** Whether anybody is there to take an attempt, where that is known before one is made. */
public enum Presence {
  /** So far as anybody knows: an attempt will show. */
  PRESENT,
  /** A site whose agent is not linked, or whose engines do not answer it. */
  ABSENT
}
