package dev.spillway.wire.error;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP status that an error object would have come with: by its code, else by its type.
 *
 * <p>The names are those of the OpenAI API's error codes guide, of Anthropic's errors page, and of
 * vLLM, SGLang, llama.cpp and OCI (read 2026-11). They are compared by their letters, without the
 * word "error" at the end, so that {@code RateLimitError} and {@code rate_limit_error} are one.
 */
final class ErrorStatus {
  private static final int SERVER_ERROR = 500;
  private static final String ERROR = "error";

  private static final Map<String, Integer> BY_NAME =
      Map.ofEntries(
          entry("invalidrequest", 400),
          entry("badrequest", 400),
          entry("invalidparameter", 400),
          entry("contentfilter", 400),
          entry("contentpolicyviolation", 400),
          entry("imagecontentpolicyviolation", 400),
          entry("moderationblocked", 400),
          entry("invalidprompt", 400),
          entry("contextlengthexceeded", 400),
          entry("stringabovemaxlength", 400),
          entry("exceedcontextsize", 400),
          entry("authentication", 401),
          entry("unauthorized", 401),
          entry("notauthenticated", 401),
          entry("invalidapikey", 401),
          entry("permission", 403),
          entry("permissiondenied", 403),
          entry("forbidden", 403),
          entry("notfound", 404),
          entry("modelnotfound", 404),
          entry("deploymentnotfound", 404),
          entry("requesttoolarge", 413),
          entry("unprocessableentity", 422),
          entry("ratelimit", 429),
          entry("ratelimitexceeded", 429),
          entry("ratelimitreached", 429),
          entry("toomanyrequests", 429),
          entry("resourceexhausted", 429),
          entry("insufficientquota", 429),
          entry("creditbalanceexhausted", 429),
          entry("billinghardlimitreached", 429),
          entry("server", SERVER_ERROR),
          entry("internal", SERVER_ERROR),
          entry("internalserver", SERVER_ERROR),
          entry("api", SERVER_ERROR),
          entry("overloaded", 503),
          entry("serveroverloaded", 503),
          entry("engineoverloaded", 503),
          entry("unavailable", 503),
          entry("serviceunavailable", 503),
          entry("slowdown", 503));

  private ErrorStatus() {}

  /** The status; 500 for an error that says nothing of its kind. */
  static int of(ErrorObject error) {
    Integer status = named(error.code());
    if (status == null) {
      status = named(error.type());
    }
    return status == null ? SERVER_ERROR : status;
  }

  /** Whether it is a name that errors have, known here or not. */
  static boolean isOfAnError(String name) {
    return named(name) != null || name.toLowerCase(Locale.ROOT).endsWith(ERROR);
  }

  private static @Nullable Integer named(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return name.matches("[45]\\d\\d") ? Integer.valueOf(name) : BY_NAME.get(letters(name));
  }

  private static String letters(String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    return letters.endsWith(ERROR)
        ? letters.substring(0, letters.length() - ERROR.length())
        : letters;
  }
}
