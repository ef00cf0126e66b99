package dev.spillway.providers.llamacpp;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.StatusReading;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Resumption;
import dev.spillway.wire.resume.Shown;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server of llama.cpp.
 *
 * <p>It keeps a prompt per slot and knows no salt: rivals need deployments of their own, as the
 * contract demands anyway. A client may not say under the server's own names what the API has names
 * for.
 *
 * <p>An assistant's message at the end is continued, unless the server was started with {@code
 * --no-prefill-assistant}; two of them are refused, and so is one while the template would let the
 * model think ({@code oaicompat_chat_params_parse} in tools/server/server-common.cpp @006639c, read
 * 2026-11-25). What is continued here has its answer begun, so thinking is turned off, if the
 * client says nothing of the template's arguments itself. Builds from 2026-05 on take {@code
 * continue_final_message} as well (ggml-org/llama.cpp#23012).
 */
public final class LlamaCppDialect implements Dialect {
  /** Its own name for {@code n}, which is not ours to count. */
  private static final String SEVERAL = "n_cmpl";

  /** Its own name for the most tokens, which it believes before the API's. */
  private static final String MOST_TOKENS = "n_predict";

  private static final String TEMPLATE_ARGUMENTS = "chat_template_kwargs";
  private static final ByteSlice WITHOUT_THINKING = ByteSlice.of("{\"enable_thinking\":false}");

  private static final Set<Operation> SERVED =
      Set.of(
          Operation.CHAT_COMPLETIONS,
          Operation.COMPLETIONS,
          Operation.EMBEDDINGS,
          Operation.MESSAGES,
          Operation.MESSAGE_TOKENS);

  @Override
  public String name() {
    return "llamacpp";
  }

  /**
   * Its README. Builds before December 2025 have no messages, and say so by 404: then the request
   * goes elsewhere. It keeps no responses.
   */
  @Override
  public boolean serves(Operation operation) {
    return SERVED.contains(operation);
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    body.model(target.model()).removeEngineFields().remove(SEVERAL);
    if (request.limitsOutput()) {
      body.remove(MOST_TOKENS);
    }
    if (request.mustAskForUsage()) {
      body.includeUsage();
    }
  }

  @Override
  public Resumption resumption() {
    return Resumption.PREFILLS_LAST_MESSAGE;
  }

  @Override
  public @Nullable Obstacle continueAnswer(
      ScannedRequest request, UpstreamTarget target, Sender sender, Shown shown, BodyEdit body) {
    boolean chat = request.operation() == Operation.CHAT_COMPLETIONS;
    if (chat && body.original(TEMPLATE_ARGUMENTS) == null) {
      body.put(TEMPLATE_ARGUMENTS, WITHOUT_THINKING);
    }
    return Dialect.super.continueAnswer(request, target, sender, shown, body);
  }

  @Override
  public AttemptFailure classify(FailedAnswer answer) {
    Kind ofTheRequest = RequestErrors.kind(answer);
    return ofTheRequest == null
        ? Dialect.super.classify(answer)
        : StatusReading.as(ofTheRequest, name(), answer);
  }
}
