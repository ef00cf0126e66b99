package dev.spillway.gateway.server;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.dialect.PathSegment;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Paths that name something that exists already. */
final class KeptPath {
  private static final String STREAM = "stream";

  /** What the API documents; nothing else goes to a provider. */
  private static final Set<String> PARAMETERS =
      Set.of(
          "after",
          "before",
          "include",
          "include[]",
          "include_obfuscation",
          "limit",
          "order",
          "starting_after",
          STREAM);

  private static final Set<String> FLAGS = Set.of("true", "false");

  /**
   * What the API documents is far below it. A site's agent takes 4,096 bytes, with the root before
   * this; a longer head would break its link, and all that others have on it.
   */
  private static final int LONGEST = 4_000;

  private KeptPath() {}

  /**
   * The id that a path of this operation names; empty if its paths name none; null if it is not one
   * of its paths.
   */
  static @Nullable String idIn(String path, Operation operation) {
    String template = operation.path();
    int at = template.indexOf(Operation.ID);
    if (at < 0) {
      return path.equals(template) ? "" : null;
    }
    String before = template.substring(0, at);
    String after = template.substring(at + Operation.ID.length());
    boolean fits =
        path.length() > before.length() + after.length()
            && path.startsWith(before)
            && path.endsWith(after);
    String id = fits ? path.substring(before.length(), path.length() - after.length()) : "/";
    return id.indexOf('/') < 0 ? id : null;
  }

  /** The parameters that are documented, encoded anew; empty if there are none. */
  static String query(String query) {
    try {
      return new QueryStringDecoder(query, false)
          .parameters().entrySet().stream()
              .filter(each -> PARAMETERS.contains(each.getKey()))
              .filter(each -> !each.getKey().equals(STREAM) || isOneFlag(each.getValue()))
              .flatMap(each -> each.getValue().stream().map(value -> pair(each.getKey(), value)))
              .collect(Collectors.joining("&"));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /**
   * Why nobody is asked for this; null if it can be sent on.
   *
   * @param path below a provider's root, with the provider's id and the query in it
   */
  static @Nullable Refusal refusal(String path) {
    return path.length() <= LONGEST
        ? null
        : ErrorKind.BAD_REQUEST.because(
            "The response's id and the query parameters make a path of "
                + path.length()
                + " bytes when they are percent-encoded (expected: at most "
                + LONGEST
                + "). Ask for less at once.");
  }

  /** Of any other, providers differ in whether they stream; and we must know whether they do. */
  private static boolean isOneFlag(List<String> values) {
    return values.size() == 1 && FLAGS.contains(values.getFirst());
  }

  private static String pair(String name, String value) {
    return PathSegment.encode(name) + "=" + PathSegment.encode(value);
  }
}
