package dev.spillway.wire.chat;

/** What an answer can hold beside text and reasoning. */
public enum NonText {
  /** A call of a tool or function, or a piece of one. */
  CALL,
  /** The words of a refusal. */
  REFUSAL,
  /** Sound. */
  AUDIO,
  /** Sources of the text, by their places in it. */
  ANNOTATIONS,
  /** Content that is no string. */
  PARTS
}
