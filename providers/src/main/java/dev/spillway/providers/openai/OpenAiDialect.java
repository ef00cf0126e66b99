package dev.spillway.providers.openai;

import dev.spillway.core.quota.Quota.Refill;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.HeaderLookup;
import dev.spillway.wire.dialect.RateLimitHeaders;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAI API as documented, for OpenAI itself and for whatever claims to speak it.
 *
 * <p>A URL without a path means {@code /v1}. A provider of this kind keeps tenants' prefixes apart
 * by itself or not at all: there is no field for a salt. What an engine behind such an API might
 * heed of a client, and must not, is taken out; OpenAI itself refuses it.
 */
public final class OpenAiDialect implements Dialect {
  @Override
  public String name() {
    return "openai";
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    body.model(target.model()).removeEngineFields();
    if (request.mustAskForUsage()) {
      body.includeUsage();
    }
  }

  /** What was taken of a limit comes back evenly: the reset is when all of it is there again. */
  @Override
  public @Nullable StatedCapacity statedCapacity(HeaderLookup headers) {
    return RateLimitHeaders.read(headers, Refill.EVENLY);
  }
}
