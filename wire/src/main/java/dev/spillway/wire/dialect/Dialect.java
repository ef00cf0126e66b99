package dev.spillway.wire.dialect;

import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.resume.ContinuedRequest;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Resumption;
import dev.spillway.wire.resume.Shown;
import org.jspecify.annotations.Nullable;

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
   * Whether the provider has this operation. What no deployment of a model serves is refused before
   * it is routed; what a provider answers with 404 would count as a mistake in the configuration.
   */
  default boolean serves(Operation operation) {
    return !operation.isAnthropics();
  }

  /**
   * Whether its servers send each chunk of a stream at once (TCP_NODELAY), whether or not the one
   * before was acknowledged; false unless that is known.
   */
  default boolean sendsAtOnce() {
    return false;
  }

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

  /**
   * How chat is continued where another deployment was cut off; {@link Resumption#NONE} unless the
   * provider documents it.
   */
  default Resumption resumption() {
    return Resumption.NONE;
  }

  /** Whether it can write the rest of an answer of this kind: completions get a longer prompt. */
  default boolean continues(Operation operation) {
    boolean chat = operation == Operation.CHAT_COMPLETIONS && resumption() != Resumption.NONE;
    return chat || operation == Operation.COMPLETIONS;
  }

  /**
   * Tells the changes that ask for the rest of an answer: those of {@link #translate}, the text
   * that was shown as the beginning of the answer, and the tokens that are left.
   *
   * @return what stands in the way; then the body must not be sent. Null if nothing does
   */
  default @Nullable Obstacle continueAnswer(
      ScannedRequest request, UpstreamTarget target, Sender sender, Shown shown, BodyEdit body) {
    translate(request, target, sender, body);
    return new ContinuedRequest(request, shown, resumption()).applyTo(body);
  }

  /** Says what a status other than 200 means. */
  default AttemptFailure classify(FailedAnswer answer) {
    return StatusReading.of(name(), answer);
  }

  /**
   * What an answer of status 200 says that the deployment still takes; null if nothing, as of
   * engines. Whatever the headers hold, this throws nothing and leaves out what makes no sense.
   */
  default @Nullable StatedCapacity statedCapacity(HeaderLookup headers) {
    return null;
  }
}
