package dev.spillway.wire.chat;

import dev.spillway.wire.multipart.Form;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as routing and metering see it. Holds no content: only facts, counts and positions.
 *
 * @param operation what is asked
 * @param model what the client asks for; never empty
 * @param features what the answer may contain and what continuing it would have to mind
 * @param maxOutputTokens the most output tokens the client takes, {@code max_completion_tokens}
 *     before {@code max_tokens}; 0 if it did not say, or takes none ({@link Feature#NO_OUTPUT})
 * @param choices how many answers are asked for ({@code n}, times the prompts), at least 1
 * @param inputTokens estimate: UTF-8 bytes of all text / 4, a constant for each image, audio or
 *     file, 4 for each message; at least 1
 * @param conversation hash of the messages up to the first of the user, the same for every turn of
 *     one conversation; not salted; 0 for embeddings
 * @param reasoningEffort as asked; null if not said
 * @param promptCacheKey as asked; null if not said
 * @param user the {@code safety_identifier}, else the {@code user}; null if neither was said
 * @param previousResponse the answer that it goes on from, as the client calls it; null if from
 *     none
 * @param kept what it is about, of what exists already; null if it makes something new
 * @param form where the parts of its form are; null if it is JSON
 * @param fields where the top-level fields are, of JSON
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
    @Nullable String previousResponse,
    @Nullable Kept kept,
    @Nullable Form form,
    Fields fields) {
  /** There are no fields in what has no body. */
  static final Fields NO_FIELDS = new Fields(0, 0, List.of(), null);

  /**
   * Something that a deployment keeps.
   *
   * @param id as the provider calls it
   * @param query what else is asked of it, as it goes on the wire; empty if nothing
   */
  public record Kept(String id, String query) {
    /** Checks that the id can stand in a path as it is. */
    public Kept {
      if (!id.matches("[A-Za-z0-9_-]{1,512}")) {
        throw new IllegalArgumentException("id: '" + id + "' (expected: letters, digits, _ and -)");
      }
    }

    /** The path and query of its operation, with the id and all that is asked in it. */
    public String in(String pathAndQuery) {
      String named = pathAndQuery.replace(Operation.ID, id);
      return query.isEmpty() ? named : named + (named.contains("?") ? "&" : "?") + query;
    }

    private boolean streams() {
      return ("&" + query + "&").contains("&stream=true&");
    }
  }

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
    MEDIA,
    /** A transcript that is not JSON. */
    TEXT_OUTPUT,
    /** {@code background: true}: the answer is made whoever waits for it. */
    BACKGROUND,
    /** {@code max_tokens: 0} of completions: only the prompt is asked about. */
    NO_OUTPUT,
    /** What providers refuse of a stream, or answer otherwise in one: sound, beams, and more. */
    UNSTREAMED,
    /** {@code echo: true}: the answer begins with the prompt, or with the message before it. */
    ECHO,
    /** {@code service_tier: flex}: cheaper, of room of its own, which is full before any other. */
    FLEX
  }

  /**
   * A request about something that exists already; it has no body, and costs no tokens.
   *
   * @param model what made it
   */
  public static ScannedRequest ofKept(Operation operation, String model, Kept kept) {
    boolean streams = operation.canStream() && kept.streams();
    Set<Feature> features = streams ? Set.of(Feature.STREAM) : Set.of();
    return new ScannedRequest(
        operation, model, features, 0, 1, 1, 0, null, null, null, null, kept, null, NO_FIELDS);
  }

  /** Whether it asks for or contains this. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Whether it says how many output tokens the client takes. */
  public boolean limitsOutput() {
    return maxOutputTokens > 0 || has(Feature.NO_OUTPUT);
  }

  /** UTF-8 bytes of the answer that repeat the prompt, and that nobody generated; an estimate. */
  public long echoedBytes() {
    boolean wholePrompt = has(Feature.ECHO) && operation == Operation.COMPLETIONS;
    return wholePrompt ? inputTokens * InputScan.BYTES_PER_TOKEN * choices : 0;
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
