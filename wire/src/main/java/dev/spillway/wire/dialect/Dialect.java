package dev.spillway.wire.dialect;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import java.util.OptionalDouble;

/**
 * How one provider's inference API differs from the one we serve: the data plane's port.
 *
 * <p>Pure: no I/O, no wait, no state, so that it runs on event loops. Credentials come in as values
 * that are ready to send. The defaults are the OpenAI API as documented; a dialect overrides what
 * its provider does otherwise. Every implementation passes {@code DialectContract}.
 */
public interface Dialect {
  /** Its name in configuration, such as {@code azure-openai}. */
  String name();

  /**
   * Path and query of an operation, in the form in which they are sent: {@code /v1/...} if the URL
   * has no path of its own.
   *
   * @return with a slash at its start; names in it are percent-encoded
   */
  default String pathAndQuery(Operation operation, UpstreamTarget target) {
    return (target.basePath().isEmpty() ? "/v1" : target.basePath()) + "/" + operation.path();
  }

  /**
   * Sets the header that carries the credential: {@code Authorization: Bearer}.
   *
   * @param credential the provider's key or token; printable ASCII
   */
  default void authenticate(String credential, HeaderSink headers) {
    headers.set("authorization", "Bearer " + credential);
  }

  /**
   * Tells the changes that make the client's body the provider's: the model's name always, and what
   * else the provider wants or does not take. A stream is always asked for its usage.
   */
  void translate(ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body);

  /** Says what a status other than 200 means. */
  default AttemptFailure classify(FailedAnswer answer) {
    return StatusReading.of(name(), answer);
  }

  /**
   * How full the provider says this deployment is, 0 to 1 and above; empty if the answer does not
   * say.
   */
  default OptionalDouble utilization(HeaderLookup headers) {
    return OptionalDouble.empty();
  }
}
