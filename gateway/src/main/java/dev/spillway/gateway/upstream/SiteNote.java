package dev.spillway.gateway.upstream;

/**
 * What the agent of a site is told beside a request.
 *
 * @param sealedFacts the facts of the request, as they were sealed for this attempt; empty if
 *     nobody sealed any
 * @param inputTokens estimated
 * @param expectedQueueMicros the queue that was expected there when it was chosen
 * @param keptBy the replica that alone can serve it, as its agent calls it; empty if any can
 */
public record SiteNote(
    String sealedFacts, long inputTokens, long expectedQueueMicros, String keptBy) {
  /** For whoever is no agent. */
  public static final SiteNote NONE = new SiteNote("", 0, 0, "");
}
