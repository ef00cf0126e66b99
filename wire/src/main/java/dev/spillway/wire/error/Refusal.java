package dev.spillway.wire.error;

import dev.spillway.wire.chat.Operation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says no: what kind, in which words, and when to come back.
 *
 * <p>The factories hold the wording, so that the same refusal reads the same everywhere. None of
 * them takes prompt text or a key.
 *
 * @param kind decides the status
 * @param error what the client reads
 * @param retryAfter when the same request may succeed; null if the hub does not know
 */
public record Refusal(ErrorKind kind, ErrorObject error, @Nullable Duration retryAfter) {
  private static final int MAX_NAME = 64;

  /** The HTTP status. */
  public int status() {
    return kind.status();
  }

  /** No model of that name is granted to the tenant; {@code model} is what the client asked for. */
  public static Refusal unknownModel(String model) {
    return ErrorKind.UNKNOWN_MODEL.because(
        "The model '"
            + shown(model)
            + "' does not exist here or is not granted to this key. GET /v1/models lists those that are.",
        "model");
  }

  /** No deployment of the model does that. */
  public static Refusal notOffered(Operation operation, String model) {
    return ErrorKind.UNKNOWN_MODEL.because(
        "No deployment of '"
            + shown(model)
            + "' serves "
            + operation.method()
            + " "
            + operation.path()
            + ". Ask another model, or use another operation.",
        "model");
  }

  /** Who keeps a response does not stream it again. */
  public static Refusal notStreamedAgain() {
    return ErrorKind.INVALID_VALUE.because(
        "The engine that keeps this response does not stream it again. Ask for it without stream=true.",
        "stream");
  }

  /** No response of the id that was asked for, as far as this tenant may know. */
  public static Refusal unknownResponse() {
    return ErrorKind.UNKNOWN_RESPONSE.because(
        "No response with this id is kept here for this key: it was never made, was deleted, has"
            + " expired, or is another tenant's.");
  }

  /** It was kept by a deployment that is not there any more. */
  public static Refusal responseGone() {
    return ErrorKind.UNKNOWN_RESPONSE.because(
        "The deployment that kept this response is no longer part of this platform. Send all items"
            + " in 'input' to go on.");
  }

  /** It goes on from a response of another model, which lives elsewhere. */
  public static Refusal otherModels(String model) {
    return ErrorKind.INVALID_VALUE.because(
        "'previous_response_id' is of a response that '"
            + shown(model)
            + "' made (expected: one of the model that is asked, or all items in 'input').",
        "previous_response_id");
  }

  /** Neither {@code Authorization} nor {@code api-key} came with the request. */
  public static Refusal missingKey() {
    return ErrorKind.MISSING_KEY.because(
        "No API key was sent. Send it as 'Authorization: Bearer KEY' or as 'api-key: KEY'.");
  }

  /** A key came that nobody has. */
  public static Refusal wrongKey() {
    return ErrorKind.WRONG_KEY.because("The API key that was sent is not valid at this hub.");
  }

  /** The body is larger than {@code limitBytes}. */
  public static Refusal bodyTooLarge(long limitBytes) {
    return ErrorKind.BODY_TOO_LARGE.because(
        "The request body is larger than " + limitBytes + " bytes, the most that this hub takes.");
  }

  /** The body was put through a coding, such as gzip, that this hub does not undo. */
  public static Refusal codedBody(String coding) {
    return ErrorKind.WRONG_CONTENT_TYPE.because(
        "The request body comes with content-encoding '"
            + shown(coding)
            + "', which this hub does not undo. Send it as it is, without that header.");
  }

  /** The head is larger than {@code limitBytes}. */
  public static Refusal headersTooLarge(long limitBytes) {
    return ErrorKind.HEADERS_TOO_LARGE.because(
        "The request headers are larger than "
            + limitBytes
            + " bytes, the most that this hub takes.");
  }

  /** The head, or what comes behind the last chunk, has more lines than {@code limit}. */
  public static Refusal tooManyHeaders(int limit) {
    return ErrorKind.HEADERS_TOO_LARGE.because(
        "The request has more than " + limit + " lines of headers, the most that this hub takes.");
  }

  /** The line of the request, or that of a chunk, is too long. */
  public static Refusal lineTooLong(long limitBytes) {
    return ErrorKind.HEADERS_TOO_LARGE.because(
        "The request line, or that of a chunk, is longer than "
            + limitBytes
            + " bytes, the most that this hub takes.");
  }

  /** The path is none of ours. */
  public static Refusal unknownPath(String method, String path) {
    return ErrorKind.UNKNOWN_PATH.because(
        "Unknown request URL: "
            + shown(method)
            + " "
            + shown(path)
            + ". Served here are GET models, "
            + Operation.served()
            + ".");
  }

  /** The path is ours, the method is not. */
  public static Refusal wrongMethod(String method, String allowed) {
    return ErrorKind.WRONG_METHOD.because(
        "The method " + shown(method) + " is not allowed here (expected: " + allowed + ").");
  }

  /** A tenant's limit is used up; {@code limit} names it with its unit. */
  public static Refusal rateLimited(String limit, Duration retryAfter) {
    return ErrorKind.RATE_LIMITED
        .because("Rate limit reached: " + limit + ". Try again later.")
        .retryAfter(retryAfter);
  }

  /**
   * Every deployment is ruled out by the contract.
   *
   * @param clause id of the clause that decided; also the error's {@code param}
   * @param because the clause's own reason text
   */
  public static Refusal refusedByContract(String clause, String because) {
    return ErrorKind.REFUSED_BY_CONTRACT.because(
        "Refused by clause '" + clause + "' of the contract: " + because + ".", clause);
  }

  /**
   * No room anywhere, and none in time.
   *
   * @param retryAfter when there may be; zero if nobody knows
   */
  public static Refusal noCapacity(String model, Duration retryAfter) {
    Refusal refusal =
        ErrorKind.NO_CAPACITY.because(
            "No deployment of '"
                + shown(model)
                + "' can take this request in time: each is full, failing or not reachable. Try again"
                + " later.");
    return retryAfter.isZero() ? refusal : refusal.retryAfter(retryAfter);
  }

  /** Every deployment that was tried says that it is at its limit. */
  public static Refusal atLimit(String model) {
    return ErrorKind.RATE_LIMITED.because(
        "Every deployment of '" + shown(model) + "' is at its limit. Try again later.");
  }

  /** There is no room for requests of this tier; others may find some. */
  public static Refusal flexAtLimit(String model) {
    return ErrorKind.RATE_LIMITED.because(
        "No deployment of '"
            + shown(model)
            + "' that was asked has room for 'flex' now. Try again later, or ask for another tier.",
        "service_tier");
  }

  /** Every deployment that was tried says that it has too much to do. */
  public static Refusal overloaded(String model) {
    return ErrorKind.NO_CAPACITY.because(
        "Every deployment of '"
            + shown(model)
            + "' that was asked is overloaded. Try again later.");
  }

  /** The deadline passed; {@code after} is what was allowed. */
  public static Refusal deadline(Duration after) {
    return ErrorKind.DEADLINE.because(
        "No answer within the deadline of " + after.toMillis() + " ms.");
  }

  /** Every attempt failed; {@code what} says of the last one what was asked and what came back. */
  public static Refusal upstreamBroken(String what) {
    return ErrorKind.UPSTREAM_BROKEN.because("No deployment could answer: " + what + ".");
  }

  /** The answer broke off after content was sent. */
  public static Refusal streamCut(String what) {
    return ErrorKind.STREAM_CUT.because(
        "The answer was interrupted and is not complete: " + what + ". Send the request again.");
  }

  /** Too many long answers are held at a time. */
  public static Refusal noMemoryForAnswer(Duration retryAfter) {
    return ErrorKind.NO_CAPACITY
        .because(
            "This hub has no memory left to hold so long an answer until all of it is there. Try"
                + " again later, or ask for a stream.")
        .retryAfter(retryAfter);
  }

  /** The hub is shutting down. */
  public static Refusal draining(Duration retryAfter) {
    return ErrorKind.DRAINING
        .because("This hub is shutting down. Send the request again.")
        .retryAfter(retryAfter);
  }

  /** The same, with a time to come back. */
  public Refusal retryAfter(Duration time) {
    return new Refusal(kind, error, time);
  }

  /** What a client named, cut to what a log line bears; it is not echoed beyond that. */
  private static String shown(String name) {
    String printable = name.codePoints().allMatch(c -> c > 0x20 && c < 0x7F) ? name : "(not ASCII)";
    return printable.length() <= MAX_NAME ? printable : printable.substring(0, MAX_NAME) + "...";
  }
}
