package dev.spillway.wire.chat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as routing and metering see it. Holds no content: only facts, counts and positions.
 *
 * @param operation what is asked
 * @param model what the client asks for; never empty
 * @param features what the answer may contain and what continuing it would have to mind
 * @param maxOutputTokens the most output tokens the client takes, {@code max_completion_tokens}
 *     before {@code max_tokens}; 0 if it did not say
 * @param choices how many answers are asked for ({@code n}, times the prompts), at least 1
 * @param inputTokens estimate: UTF-8 bytes of all text / 4, a constant for each image, audio or
 *     file, 4 for each message; at least 1
 * @param conversation hash of the messages up to the first of the user, the same for every turn of
 *     one conversation; not salted; 0 for embeddings
 * @param reasoningEffort as asked; null if not said
 * @param promptCacheKey as asked; null if not said
 * @param user the {@code safety_identifier}, else the {@code user}; null if neither was said
 * @param fields where the top-level fields are
 */
public record ScannedRequest(
    Operation operation,
    String model,
    Set<Feature> features,
    long maxOutputTokens,
    int choices,
    long inputTokens,
    long conversation,
    @Nullable String reasoningEffort,
    @Nullable String promptCacheKey,
    @Nullable String user,
    Fields fields) {

  /** Something that a request asks for or contains. */
  public enum Feature {
    /** {@code stream: true}. */
    STREAM,
    /** {@code stream_options.include_usage: true}. */
    USAGE_CHUNK,
    /** {@code tools} or {@code functions}, not empty. */
    TOOLS,
    /** {@code response_format} of JSON. */
    JSON_OUTPUT,
    /** {@code logprobs: true}. */
    LOGPROBS,
    /** {@code stop}, not null. */
    STOP_STRINGS,
    /** Images, audio or files among the messages. */
    MEDIA
  }

  /** Whether it asks for or contains this. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Whether the answer is to come token by token. */
  public boolean streams() {
    return features.contains(Feature.STREAM);
  }

  /** Whether the answer is a stream that tells its usage only if it is asked to. */
  public boolean mustAskForUsage() {
    return streams() && operation.hasUsageChunk();
  }
}
