package dev.spillway.providers.llamacpp;

import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import java.util.List;

/**
 * The server of llama.cpp.
 *
 * <p>It keeps a prompt per slot and knows no salt: rivals need deployments of their own, as the
 * contract demands anyway. A client may not choose its slot.
 */
public final class LlamaCppDialect implements Dialect {
  private static final List<String> ENGINE_FIELDS =
      List.of("cache_salt", "priority", "id_slot", "slot_id");

  @Override
  public String name() {
    return "llamacpp";
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    ENGINE_FIELDS.forEach(body::remove);
    body.model(target.model());
    if (request.mustAskForUsage()) {
      body.includeUsage();
    }
  }
}
