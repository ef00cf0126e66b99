package dev.spillway.gateway.server;

import dev.spillway.wire.chat.Operation;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a method and a path ask for. */
sealed interface RequestPath {
  /**
   * An inference.
   *
   * @param model what the path names, decoded (Azure's {@code /deployments/{model}/}); null if the
   *     body must name it
   */
  record Inference(Operation operation, @Nullable String model) implements RequestPath {}

  /** The list of models. */
  record Models() implements RequestPath {}

  /** One model. */
  record OneModel(String name) implements RequestPath {}

  /** A path of ours with another method. */
  record WrongMethod(String allowed) implements RequestPath {}

  /** None of ours. */
  record Unknown() implements RequestPath {}

  /** The roots that clients put before what they ask. */
  List<String> ROOTS = List.of("/openai/v1/", "/v1/", "/openai/");

  /** Azure's classic style. */
  String DEPLOYMENTS = "deployments/";

  /** Azure's clients expect its header of the request id in answers. */
  static boolean isAzures(String uri) {
    return uri.startsWith("/openai/");
  }

  /** Reads a method and the target of a request line; never throws. */
  static RequestPath of(HttpMethod method, String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    for (String root : ROOTS) {
      if (path.startsWith(root)) {
        return below(method, path.substring(root.length()), root);
      }
    }
    return new Unknown();
  }

  private static RequestPath below(HttpMethod method, String rest, String root) {
    if (rest.equals("models")) {
      return only(HttpMethod.GET, method, new Models());
    }
    if (rest.startsWith("models/")) {
      String name = decoded(rest.substring("models/".length()));
      return name == null ? new Unknown() : only(HttpMethod.GET, method, new OneModel(name));
    }
    if (root.equals("/openai/")) {
      return rest.startsWith(DEPLOYMENTS)
          ? ofDeployment(method, rest.substring(DEPLOYMENTS.length()))
          : new Unknown();
    }
    return inference(method, rest, null);
  }

  private static RequestPath ofDeployment(HttpMethod method, String rest) {
    int slash = rest.indexOf('/');
    String model = slash < 1 ? null : decoded(rest.substring(0, slash));
    return model == null ? new Unknown() : inference(method, rest.substring(slash + 1), model);
  }

  private static RequestPath inference(HttpMethod method, String path, @Nullable String model) {
    for (Operation operation : Operation.values()) {
      if (path.equals(operation.path())) {
        return only(HttpMethod.POST, method, new Inference(operation, model));
      }
    }
    return new Unknown();
  }

  private static RequestPath only(HttpMethod allowed, HttpMethod method, RequestPath path) {
    return allowed.equals(method) ? path : new WrongMethod(allowed.name());
  }

  private static @Nullable String decoded(String encoded) {
    try {
      String text = QueryStringDecoder.decodeComponent(encoded.replace("+", "%2B"));
      return text.isEmpty() ? null : text;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
