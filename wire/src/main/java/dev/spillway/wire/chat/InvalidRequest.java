package dev.spillway.wire.chat;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import java.io.Serial;

/** A field of a request is not what the API documents; has no stack trace. */
final class InvalidRequest extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /** Which field, and what is wrong with it: "{@code what}", after "The field is". */
  InvalidRequest(String field, String what) {
    super(what, null, false, false);
    this.refusal = ErrorKind.INVALID_VALUE.because("'" + field + "' is " + what + ".", field);
  }

  Refusal refusal() {
    return refusal;
  }
}
