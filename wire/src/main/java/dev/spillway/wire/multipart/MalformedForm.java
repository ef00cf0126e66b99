package dev.spillway.wire.multipart;

import java.io.Serial;

/** A body is not a form, or one that two readers could understand differently; no stack trace. */
public final class MalformedForm extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedForm(String what) {
    super(what, null, false, false);
  }

  /** What is wrong, without any of the form's text. */
  public String what() {
    return String.valueOf(getMessage());
  }
}
