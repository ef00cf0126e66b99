package dev.spillway.wire.resume;

/** How an engine is asked to write on where an answer of chat was cut. */
public enum Resumption {
  /** It cannot be: it would begin a message of its own. */
  NONE,
  /**
   * The last message is the assistant's, and {@code continue_final_message} says that it is open;
   * without that flag it is a message that is finished.
   */
  CONTINUES_FINAL_MESSAGE,
  /** The last message is the assistant's; such a message is always continued. */
  PREFILLS_LAST_MESSAGE
}
