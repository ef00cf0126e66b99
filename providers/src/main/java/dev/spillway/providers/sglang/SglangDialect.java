package dev.spillway.providers.sglang;

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
 * SGLang's OpenAI-compatible server.
 *
 * <p>As vLLM, but in {@code priority} the higher number runs first (unless the engine was started
 * with {@code --schedule-low-priority-values-first}, which this does not expect).
 *
 * <p>An answer is continued by {@code continue_final_message}: the text of the last message is put
 * after the prompt, token by token as it is. Without it, that message would become the user's
 * ({@code _handle_last_assistant_message} in srt/entrypoints/openai/serving_chat.py @002897c, read
 * 2026-11-25).
 */
public final class SglangDialect implements Dialect {
  private static final Set<Operation> SERVED =
      Set.of(
          Operation.CHAT_COMPLETIONS,
          Operation.COMPLETIONS,
          Operation.EMBEDDINGS,
          Operation.RESPONSES,
          Operation.RESPONSE,
          Operation.RESPONSE_CANCELLATION);

  @Override
  public String name() {
    return "sglang";
  }

  /** Its http_server.py; responses are not deleted, nor their input listed. */
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
      case HIGH -> 1;
      case NORMAL -> 0;
      case LOW -> -1;
    };
  }
}
