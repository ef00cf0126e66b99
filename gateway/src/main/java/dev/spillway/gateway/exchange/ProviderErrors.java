package dev.spillway.gateway.exchange;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.HeaderLookup;
import dev.spillway.wire.error.ErrorObject;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.sse.SseEvent;
import java.time.Instant;

/**
 * What the errors of one provider's answer mean.
 *
 * <p>An error that comes with status 200, alone or inside a stream, means what it would mean with
 * the status that says the same.
 *
 * @param dialect knows the provider's words
 * @param notThere what it means that the provider does not have what was asked for
 * @param headers of the answer
 */
record ProviderErrors(Dialect dialect, NotThere notThere, HeaderLookup headers) {
  /** What a body is read of. */
  static final int MOST_BYTES = 64 << 10;

  private static final int SERVER_ERROR = 500;

  /** Of an answer with this status, of whose body this is the beginning. */
  Trouble withStatus(int status, ByteSlice body) {
    FailedAnswer answer = new FailedAnswer(status, headers, body, Instant.now());
    ErrorObject words = ErrorObject.read(body);
    return new Trouble(notThere.meaning(status, words, dialect.classify(answer)), status, words);
  }

  /** Of an error that came as an event, in place of an answer or after some of it. */
  Trouble in(SseEvent event, boolean hasBegun) {
    ByteSlice error = new ByteSlice(event.dataArray(), event.dataOffset(), event.dataLength());
    return hasBegun ? inMidAnswer(error) : inPlaceOfAnAnswer(error);
  }

  /** Of an error that came with status 200, before anything of an answer. */
  Trouble inPlaceOfAnAnswer(ByteSlice error) {
    ByteSlice words =
        new ByteSlice(error.array(), error.offset(), Math.min(error.length(), MOST_BYTES));
    ErrorObject read = ErrorObject.read(words);
    Trouble meant = withStatus(read == null ? SERVER_ERROR : read.status(), words);
    AttemptFailure failure = meant.failure();
    String message = failure.message() + " inside a 200";
    return new Trouble(
        new AttemptFailure(failure.kind(), message, failure.retryAfter()),
        meant.status(),
        meant.error());
  }

  /** The same after some of the answer: nothing can be wrong with a request that was taken. */
  Trouble inMidAnswer(ByteSlice error) {
    Trouble meant = inPlaceOfAnAnswer(error);
    AttemptFailure failure = meant.failure();
    return failure.kind() == Kind.INVALID_REQUEST
        ? Trouble.of(Kind.SERVER_ERROR, failure.message())
        : meant;
  }
}
