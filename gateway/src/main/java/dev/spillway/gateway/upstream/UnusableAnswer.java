package dev.spillway.gateway.upstream;

/** What came cannot be taken for an answer; the message says what it did, as in "it sent ...". */
final class UnusableAnswer extends Exception {
  UnusableAnswer(String what) {
    super(what, null, false, false);
  }

  /** What it did. */
  String what() {
    return String.valueOf(getMessage());
  }
}
