package dev.spillway.providers.llamacpp;

import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;

/**
 * The server of llama.cpp.
 *
 * <p>It keeps a prompt per slot and knows no salt: rivals need deployments of their own, as the
 * contract demands anyway. A client may not choose its slot.
 */
public final class LlamaCppDialect implements Dialect {
  @Override
  public String name() {
    return "llamacpp";
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    body.remove("id_slot").remove("slot_id").model(target.model());
    if (request.streams()) {
      body.includeUsage();
    }
  }
}
