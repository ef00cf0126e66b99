package dev.spillway.providers.vllm;

import dev.spillway.core.model.Priority;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;
import java.util.List;

/**
 * vLLM's OpenAI-compatible server.
 *
 * <p>Each tenant has its own {@code cache_salt}, so that none can find out by timing what another
 * asked. In {@code priority} the lower number runs first, and any but 0 is an error unless the
 * engine was started with {@code --scheduling-policy priority}. {@code kv_transfer_params} would
 * make the engine fetch from an address that a client names.
 */
public final class VllmDialect implements Dialect {
  /** What a client may not say to a shared engine. */
  private static final List<String> ENGINE_FIELDS =
      List.of("cache_salt", "priority", "request_id", "session_id", "kv_transfer_params");

  @Override
  public String name() {
    return "vllm";
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    ENGINE_FIELDS.forEach(body::remove);
    body.model(target.model());
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

  private static int order(Priority priority) {
    return switch (priority) {
      case HIGH -> -1;
      case NORMAL -> 0;
      case LOW -> 1;
    };
  }
}
