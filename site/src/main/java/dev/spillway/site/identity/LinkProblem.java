package dev.spillway.site.identity;

import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a link did not come up, or broke, in words for the partner who has to do something. */
public final class LinkProblem {
  /** What the other side of TLS says of our certificate (RFC 8446, section 6.2). */
  private static final Pattern OF_OUR_CERTIFICATE =
      Pattern.compile(
          "Received fatal alert: (bad_certificate|unsupported_certificate|certificate_\\w+"
              + "|unknown_ca|access_denied)");

  /** What the hub's operator did, or an older hub's store forgot. */
  public static final String REVOKED =
      "the hub revoked this agent, or never let it in (expected: spillway site join with a new"
          + " token; a running agent takes it up)";

  private LinkProblem() {}

  /** In words; of a chain of causes the first one counts. */
  public static String words(@Nullable Throwable cause) {
    Throwable root = cause;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    if (root == null) {
      return "could not be reached";
    }
    String message = root.getMessage();
    if (message == null) {
      return root instanceof ClosedChannelException
          ? "it closed the connection before it said who it is"
          : root.getClass().getSimpleName();
    }
    return root instanceof SSLException && OF_OUR_CERTIFICATE.matcher(message).find()
        ? "the hub does not take this agent's certificate: it ended, or another authority than this"
            + " hub's signed it (expected: join this hub with a token of its own)"
        : message;
  }
}
