package dev.spillway.site.relay;

import dev.spillway.site.engine.Reading;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is asked to do; all that it may be asked.
 *
 * @param pathAndQuery behind the API's own
 */
record EngineOperation(HttpMethod method, String pathAndQuery, Kind kind) {
  private static final String API = "/v1";
  private static final int LONGEST = 4_096;
  private static final Set<String> OF_PROMPTS =
      Set.of("/chat/completions", "/completions", "/messages");
  private static final Set<String> WITHOUT_OUTPUT = Set.of("/embeddings", "/moderations");
  private static final String MAKES_RESPONSES = "/responses";
  private static final Set<String> OTHERS =
      Set.of(
          "/messages/count_tokens",
          "/images/generations",
          "/images/edits",
          "/audio/speech",
          "/audio/transcriptions",
          "/audio/translations");
  private static final Pattern OF_KEPT =
      Pattern.compile("/responses/[A-Za-z0-9_-]{1,512}(/cancel|/input_items)?(\\?[!-~]*)?");

  /** What matters of an operation here. */
  enum Kind {
    /** It begins with a prompt, whose beginning an engine keeps. */
    OF_PROMPT,
    /** So does this, and the engine may keep the answer as well. */
    MAKES_RESPONSE,
    /** It is about such an answer; there is nothing to read. */
    OF_KEPT,
    /** Nothing is written for it: its answer is there as soon as all is read. */
    WITHOUT_OUTPUT,
    /** None of that. */
    OTHER
  }

  /** The one of this request; null if there is none. */
  static @Nullable EngineOperation of(@Nullable String method, @Nullable String path) {
    if (method == null || path == null || path.length() > LONGEST || !path.startsWith(API)) {
      return null;
    }
    String operation = path.substring(API.length());
    Matcher kept = OF_KEPT.matcher(operation);
    if (kept.matches()) {
      return isMethodOf(kept.group(1), method)
          ? new EngineOperation(HttpMethod.valueOf(method), operation, Kind.OF_KEPT)
          : null;
    }
    Kind kind = kindOfPost(operation);
    return kind != null && method.equals("POST")
        ? new EngineOperation(HttpMethod.POST, operation, kind)
        : null;
  }

  /** Whether engines keep what its body begins with. */
  boolean isOfPrompt() {
    return kind == Kind.OF_PROMPT || kind == Kind.MAKES_RESPONSE;
  }

  /** Whether the hub has to know which engine answered. */
  boolean isKeptByReplica() {
    return kind == Kind.MAKES_RESPONSE || kind == Kind.OF_KEPT;
  }

  /** Whether only who keeps what it is about can do it. */
  boolean isOfKept() {
    return kind == Kind.OF_KEPT;
  }

  /**
   * What the beginning of its answer says. The stream of a response begins with an event that says
   * it was made (vLLM and SGLang, 2026), before anything is read.
   */
  Reading reading(boolean streamed) {
    return switch (kind) {
      case OF_PROMPT -> streamed ? Reading.SEEN : Reading.UNSEEN;
      case WITHOUT_OUTPUT -> Reading.SEEN;
      case MAKES_RESPONSE, OF_KEPT, OTHER -> Reading.UNSEEN;
    };
  }

  private static @Nullable Kind kindOfPost(String operation) {
    if (operation.equals(MAKES_RESPONSES)) {
      return Kind.MAKES_RESPONSE;
    }
    if (OF_PROMPTS.contains(operation)) {
      return Kind.OF_PROMPT;
    }
    if (WITHOUT_OUTPUT.contains(operation)) {
      return Kind.WITHOUT_OUTPUT;
    }
    return OTHERS.contains(operation) ? Kind.OTHER : null;
  }

  private static boolean isMethodOf(@Nullable String part, String method) {
    if (part == null) {
      return method.equals("GET") || method.equals("DELETE");
    }
    return part.equals("/cancel") ? method.equals("POST") : method.equals("GET");
  }
}
