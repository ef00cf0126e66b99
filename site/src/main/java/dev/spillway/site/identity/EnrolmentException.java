package dev.spillway.site.identity;

import static java.util.stream.Collectors.joining;

import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Reason;
import dev.spillway.wire.link.HubAddress;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** No hub let this agent in; the message says of each that was asked why, and what to do. */
public final class EnrolmentException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable Reason reason;

  EnrolmentException(HubAddress hub, EnrolmentAnswer.Refused refused) {
    super("the hub at " + hub + " refused: " + refused.message());
    this.reason = refused.reason();
  }

  EnrolmentException(String message, Throwable cause) {
    super(message, cause);
    this.reason = null;
  }

  /** Of all that were asked, at least one; what the last one said counts. */
  private EnrolmentException(List<EnrolmentException> each) {
    super(each.stream().map(Throwable::getMessage).collect(joining("; ")), each.getLast());
    this.reason = each.getLast().reason;
  }

  /** All of them as one, in the order in which hubs were asked; at least one. */
  static EnrolmentException of(List<EnrolmentException> each) {
    return each.size() == 1 ? each.getFirst() : new EnrolmentException(each);
  }

  /** Why the hub refused; null if none answered as a hub does. */
  public @Nullable Reason reason() {
    return reason;
  }

  /** Whether a hub has decided: another one, or the same one later, would say nothing else. */
  boolean isDefinite() {
    return reason != null && reason != Reason.UNAVAILABLE;
  }
}
