package dev.spillway.simulator.live;

/**
 * What an answer says of itself, in every event alike.
 *
 * @param id its name, not empty, plain ASCII
 * @param model the served name, plain ASCII
 * @param createdSeconds Unix time
 */
record AnswerHead(String id, String model, long createdSeconds) {
  /** What a tool call in it is called. */
  String callId() {
    return "call_" + id;
  }

  /** The opening of a JSON object of this kind, up to its last field, without a comma. */
  String json(String object) {
    return "{\"id\":\""
        + id
        + "\",\"object\":\""
        + object
        + "\",\"created\":"
        + createdSeconds
        + ",\"model\":\""
        + model
        + "\",\"system_fingerprint\":\"simulated\"";
  }

  static String usage(int inputTokens, int outputTokens) {
    return "\"usage\":{\"prompt_tokens\":"
        + inputTokens
        + ",\"completion_tokens\":"
        + outputTokens
        + ",\"total_tokens\":"
        + ((long) inputTokens + outputTokens)
        + ",\"prompt_tokens_details\":{\"cached_tokens\":0}}";
  }
}
