package dev.spillway.gateway.exchange;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.error.ErrorObject;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What it means that a provider does not have what a request asks for.
 *
 * <p>Any caller can ask a model for an operation that its engine lacks, or name what is not there.
 * That must not take the deployment away from everybody else: only a model that the provider does
 * not know, or a chat that it does not have, is our configuration's fault. Nor must a caller whose
 * tier has no room there: OpenAI and Azure refuse {@code flex} with 429 or 408 while there is room
 * for all others.
 *
 * @param what is not there
 * @param flex whether room is asked for that is full before any other
 */
record NotThere(What what, boolean flex) {
  /** What may not be there. */
  enum What {
    /** It is gone from where it was kept; nothing is wrong with who kept it. */
    KEPT,
    /** The same; or it is there, and who keeps it does not stream it again. */
    KEPT_STREAM,
    /** The operation, or something that the request names: others may have it. */
    ASKED,
    /** What every deployment has: our configuration is wrong. */
    CONFIGURED
  }

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Set<Integer> STATUSES = Set.of(404, 405, 501);
  private static final Set<String> NO_MODEL = Set.of("model_not_found", "DeploymentNotFound");

  static NotThere of(Call call) {
    return new NotThere(whatOf(call), call.request().has(Feature.FLEX));
  }

  private static What whatOf(Call call) {
    if (call.isPinned()) {
      boolean streamedAgain = call.request().operation().isOfKept() && call.request().streams();
      return streamedAgain ? What.KEPT_STREAM : What.KEPT;
    }
    return call.request().operation() == Operation.CHAT_COMPLETIONS ? What.CONFIGURED : What.ASKED;
  }

  /** Whether a provider's status can say it. */
  static boolean isSaidBy(int status) {
    return STATUSES.contains(status);
  }

  /** Whether a provider's status can say that there is no room. */
  static boolean isOfNoRoom(int status) {
    return status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
  }

  /**
   * What is to be learnt of an answer that its dialect takes for {@code failure}. That there is no
   * money for us, which 429 says too, is our configuration's fault whatever the tier.
   */
  AttemptFailure meaning(int status, @Nullable ErrorObject words, AttemptFailure failure) {
    if (flex && isOfNoRoom(status) && failure.kind() != Kind.MISCONFIGURED) {
      return as(Kind.REST_REFUSED, failure);
    }
    return switch (what) {
      case KEPT, KEPT_STREAM -> status == 404 ? as(Kind.INVALID_REQUEST, failure) : failure;
      case ASKED ->
          isSaidBy(status) && !isOfModel(words) ? as(Kind.REST_REFUSED, failure) : failure;
      case CONFIGURED -> failure;
    };
  }

  /**
   * What is to be learnt of a stream in which nothing came. SGLang answers all at once who asks for
   * a kept response as a stream, and vLLM breaks the connection off where it was not made in the
   * background: that is no illness, and asking costs no tokens.
   */
  Trouble meaning(Trouble empty) {
    AttemptFailure failure = empty.failure();
    boolean isNoStream = failure.kind() == Kind.BAD_ANSWER || failure.kind() == Kind.STREAM_BROKEN;
    return what == What.KEPT_STREAM && isNoStream
        ? new Trouble(as(Kind.REST_REFUSED, failure), empty.status(), empty.error())
        : empty;
  }

  private static AttemptFailure as(Kind kind, AttemptFailure failure) {
    return new AttemptFailure(kind, failure.message(), null);
  }

  /** By its code, or as engines say it that have none: "The model `x` does not exist." */
  private static boolean isOfModel(@Nullable ErrorObject words) {
    if (words == null) {
      return false;
    }
    String message = words.message().toLowerCase(Locale.ROOT);
    boolean ofModel = message.startsWith("the model ") || message.startsWith("model ");
    return (words.code() != null && NO_MODEL.contains(words.code()))
        || (ofModel && (message.contains("does not exist") || message.contains("not found")));
  }
}
