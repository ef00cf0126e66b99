package dev.spillway.site.identity;

import dev.spillway.wire.link.EnrolmentAnswer;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The hub did not let this agent in; the message says what to do. */
public final class EnrolmentException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final EnrolmentAnswer.@Nullable Reason reason;

  EnrolmentException(EnrolmentAnswer.Refused refused) {
    super("the hub refused: " + refused.message());
    this.reason = refused.reason();
  }

  EnrolmentException(String message, Throwable cause) {
    super(message, cause);
    this.reason = null;
  }

  /** Why the hub refused; null if it did not answer as a hub does. */
  public EnrolmentAnswer.@Nullable Reason reason() {
    return reason;
  }
}
