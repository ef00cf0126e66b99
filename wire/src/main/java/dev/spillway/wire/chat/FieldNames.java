package dev.spillway.wire.chat;

import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.KnownNames;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How refusals speak of fields. */
final class FieldNames {
  private static final int MAX_SHOWN = 64;

  /** Those that are read here, or that a dialect sets or takes out. */
  private static final List<String> READ =
      List.of(
          "background",
          "cache_salt",
          "conversation",
          "echo",
          "functions",
          "input",
          "instructions",
          "logprobs",
          "max_completion_tokens",
          "max_output_tokens",
          "max_tokens",
          "messages",
          "model",
          "n",
          "output_config",
          "previous_response_id",
          "priority",
          "prompt",
          "prompt_cache_key",
          "reasoning",
          "reasoning_effort",
          "response_format",
          "safety_identifier",
          "service_tier",
          "stop",
          "stop_sequences",
          "stream",
          "stream_options",
          "system",
          "text",
          "tools",
          "user");

  /** Those, and what else requests often have. */
  static final KnownNames USUAL =
      new KnownNames(
          Stream.concat(
                  READ.stream(),
                  Stream.of(
                      "frequency_penalty",
                      "parallel_tool_calls",
                      "presence_penalty",
                      "seed",
                      "temperature",
                      "tool_choice",
                      "top_p"))
              .toList());

  private FieldNames() {}

  /**
   * The field that some readers would take a name for, though it is another; null if there is none.
   *
   * <p>Go's encoding/json does not tell capital letters from small ones, nor two letters beyond
   * ASCII from those that they fold to; to readers in C a name ends at its first NUL.
   */
  static @Nullable String meantBy(String name) {
    if (isPlain(name)) {
      return null;
    }
    int nul = name.indexOf(0);
    String seen = nul < 0 ? name : name.substring(0, nul);
    for (String each : READ) {
      if (each.equalsIgnoreCase(seen)) {
        return each;
      }
    }
    return null;
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'a' || c > 'z') && c != '_' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  /** A name of a field, if it looks like one: what a client sends as a name may be content. */
  static String shown(String name) {
    boolean isName = name.matches("[a-z0-9_.]{1," + MAX_SHOWN + "}");
    return isName ? name : "a field";
  }

  /** A type, with its article. */
  static String of(JsonKind kind) {
    return switch (kind) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
    };
  }
}
