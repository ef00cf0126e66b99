package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.gateway.upstream.AttemptRequest;

/**
 * What is sent to a site.
 *
 * @param site where
 * @param deployment which of those that the site serves
 * @param request path, head and body
 * @param facts the request's facts, sealed for the site; empty if nobody sealed any
 * @param inputTokens estimated
 * @param expectedQueueMicros the queue that was expected there when it was chosen
 * @param keptBy the replica that alone can serve it, as the agent calls it; empty if any can
 */
public record LinkRequest(
    SiteId site,
    DeploymentId deployment,
    AttemptRequest request,
    String facts,
    long inputTokens,
    long expectedQueueMicros,
    String keptBy) {}
