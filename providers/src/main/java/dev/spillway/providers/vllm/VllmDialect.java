package dev.spillway.providers.vllm;

import dev.spillway.core.model.Priority;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Resumption;
import java.util.Set;

/**
 * vLLM's OpenAI-compatible server.
 *
 * <p>Each tenant has its own {@code cache_salt}, so that none can find out by timing what another
 * asked. In {@code priority} the lower number runs first, and any but 0 is an error unless the
 * engine was started with {@code --scheduling-policy priority}.
 *
 * <p>An answer is continued by {@code continue_final_message}, without {@code
 * add_generation_prompt}, and nothing is repeated unless {@code echo} asks for it ({@code
 * ChatCompletionRequest} in vllm/entrypoints/openai/chat_completion/protocol.py @002032e, read
 * 2026-11-25).
 */
public final class VllmDialect implements Dialect {
  private static final Set<Operation> SERVED =
      Set.of(
          Operation.CHAT_COMPLETIONS,
          Operation.COMPLETIONS,
          Operation.EMBEDDINGS,
          Operation.RESPONSES,
          Operation.RESPONSE,
          Operation.RESPONSE_CANCELLATION,
          Operation.MESSAGES,
          Operation.MESSAGE_TOKENS,
          Operation.TRANSCRIPTIONS,
          Operation.TRANSLATIONS);

  @Override
  public String name() {
    return "vllm";
  }

  /** Its API routers, of November 2026; responses are not deleted, nor their input listed. */
  @Override
  public boolean serves(Operation operation) {
    return SERVED.contains(operation);
  }

  /** uvicorn's transports do: asyncio's and uvloop's set TCP_NODELAY on every connection. */
  @Override
  public boolean sendsAtOnce() {
    return true;
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    body.model(target.model()).removeEngineFields();
    if (request.operation().isGenerative()) {
      body.put("cache_salt", sender.cacheSalt());
      if (target.order() == EngineOrder.PRIORITY) {
        body.put("priority", ByteSlice.of(Integer.toString(order(sender.priority()))));
      }
    }
    if (request.mustAskForUsage()) {
      body.includeUsage();
    }
  }

  @Override
  public Resumption resumption() {
    return Resumption.CONTINUES_FINAL_MESSAGE;
  }

  private static int order(Priority priority) {
    return switch (priority) {
      case HIGH -> -1;
      case NORMAL -> 0;
      case LOW -> 1;
    };
  }
}
