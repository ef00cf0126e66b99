package dev.spillway.gateway.server;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.Operation.ClassicPath;
import dev.spillway.wire.error.ErrorShape;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a method and a path ask for. */
sealed interface RequestPath {
  /**
   * An inference, or something about one that was made.
   *
   * @param model what the path names, decoded (Azure's {@code /deployments/{model}/}); null if the
   *     body must name it
   * @param id the client's id of what it is about; null if it makes something new
   * @param query what else is asked of that; empty if nothing
   */
  record Inference(Operation operation, @Nullable String model, @Nullable String id, String query)
      implements RequestPath {}

  /** The list of models. */
  record Models() implements RequestPath {}

  /** One model. */
  record OneModel(String name) implements RequestPath {}

  /**
   * A path of ours with another method.
   *
   * @param allowed those that it has, as the header {@code Allow} lists them
   */
  record WrongMethod(String allowed) implements RequestPath {}

  /** None of ours. */
  record Unknown() implements RequestPath {}

  /** The roots that clients put before what they ask. */
  List<String> ROOTS = List.of("/openai/v1/", "/v1/", "/openai/");

  /** The root below which Azure's classic style names the deployment, where there is one. */
  String CLASSIC = "/openai/";

  /** What Anthropic's API begins with below a root, whether it is served or not. */
  String ANTHROPICS = "messages";

  /** The methods by which models are asked for. */
  String READ = "GET, HEAD";

  /** Azure's classic style. */
  String DEPLOYMENTS = "deployments/";

  /** Azure's clients expect its header of the request id in answers. */
  static boolean isAzures(String uri) {
    return uri.startsWith(CLASSIC);
  }

  /** How errors are told to whoever asks for this. */
  static ErrorShape errors(String uri, RequestPath path) {
    if (path instanceof Inference(var operation, _, _, _) && operation.makesResponses()) {
      return ErrorShape.RESPONSES;
    }
    for (String root : ROOTS) {
      if (uri.startsWith(root + ANTHROPICS)) {
        return ErrorShape.ANTHROPIC;
      }
    }
    return ErrorShape.OPENAI;
  }

  /** Reads a method and the target of a request line; never throws. */
  static RequestPath of(HttpMethod method, String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    String asked = query < 0 ? "" : uri.substring(query + 1);
    for (String root : ROOTS) {
      if (path.startsWith(root)) {
        return below(method, path.substring(root.length()), asked, root);
      }
    }
    return new Unknown();
  }

  private static RequestPath below(HttpMethod method, String rest, String query, String root) {
    if (rest.equals("models")) {
      return isRead(method) ? new Models() : new WrongMethod(READ);
    }
    if (rest.startsWith("models/")) {
      String name = decoded(rest.substring("models/".length()));
      return name == null ? new Unknown() : oneModel(method, name);
    }
    if (!root.equals(CLASSIC)) {
      return inference(method, rest, query, _ -> true);
    }
    return rest.startsWith(DEPLOYMENTS)
        ? ofDeployment(method, rest.substring(DEPLOYMENTS.length()))
        : inference(method, rest, query, each -> each.classicPath() == ClassicPath.ACCOUNT);
  }

  private static RequestPath oneModel(HttpMethod method, String name) {
    return isRead(method) ? new OneModel(name) : new WrongMethod(READ);
  }

  private static boolean isRead(HttpMethod method) {
    return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
  }

  private static RequestPath ofDeployment(HttpMethod method, String rest) {
    int slash = rest.indexOf('/');
    String model = slash < 1 ? null : decoded(rest.substring(0, slash));
    if (model == null) {
      return new Unknown();
    }
    RequestPath found =
        inference(
            method,
            rest.substring(slash + 1),
            "",
            each -> each.classicPath() == ClassicPath.DEPLOYMENT);
    return found instanceof Inference(var operation, _, var id, var query)
        ? new Inference(operation, model, id, query)
        : found;
  }

  private static RequestPath inference(
      HttpMethod method, String path, String query, Predicate<Operation> served) {
    List<String> allowed = new ArrayList<>(2);
    for (Operation operation : Operation.values()) {
      String id = served.test(operation) ? KeptPath.idIn(path, operation) : null;
      if (id != null && operation.method().equals(method.name())) {
        return operation.isOfKept()
            ? new Inference(operation, null, id, KeptPath.query(query))
            : new Inference(operation, null, null, "");
      }
      if (id != null) {
        allowed.add(operation.method());
      }
    }
    return allowed.isEmpty() ? new Unknown() : new WrongMethod(String.join(", ", allowed));
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
