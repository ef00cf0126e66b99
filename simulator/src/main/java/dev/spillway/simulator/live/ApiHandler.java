package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.engine.ProvisionedBucket.Arrival;
import dev.spillway.simulator.live.TextCall.Delivery;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: finds what one is for, checks its key, reads it, and hands its work to the
 * engine.
 *
 * <p>Event loop only.
 */
final class ApiHandler {
  private static final String BEARER = "Bearer ";
  private static final long MILLIS_PER_SECOND = 1_000;

  private final LiveEngineConfig config;
  private final EngineLoop engine;
  private final FaultSource faults;
  private final EngineMetrics metrics;
  private final KeptResponses kept = new KeptResponses();
  private final @Nullable ProvisionedBucket bucket;
  private final long createdSeconds = unixSeconds();

  ApiHandler(LiveEngineConfig config, EngineLoop engine, FaultSource faults) {
    this.config = config;
    this.engine = engine;
    this.faults = faults;
    this.metrics = new EngineMetrics(config.servedName(), engine.replicas().replicas());
    var provisioned = config.provisioned();
    this.bucket =
        provisioned == null
            ? null
            : new ProvisionedBucket(provisioned.capacity(), provisioned.depth());
  }

  /**
   * Answers at once, or starts the work that will.
   *
   * @param request stays the caller's
   * @return the work, if there is any
   */
  Optional<Generation> serve(FullHttpRequest request, String answerId, HttpReply reply) {
    try {
      if (request.decoderResult().isFailure()) {
        throw new RequestRefused(ApiError.invalid(null, "Malformed HTTP request."));
      }
      Route route = Route.of(request);
      authenticate(route, request);
      return switch (route.endpoint()) {
        case CHAT -> chat(route, request, answerId, reply);
        case COMPLETIONS -> completion(route, request, answerId, reply);
        case MESSAGES -> message(route, request, answerId, reply);
        case RESPONSES -> response(route, request, answerId, reply);
        case RESPONSE, RESPONSE_CANCELLATION -> told(reply, keptOf(route));
        case RESPONSE_DELETION -> told(reply, deleted(route));
        case EMBEDDINGS -> Optional.of(embeddings(route, request, reply));
        case MODERATIONS -> moderation(route, request, answerId, reply);
        case MODELS -> at(reply, this::models);
        case METRICS -> at(reply, r -> r.text(metrics.page()));
        case HEALTH -> at(reply, r -> r.json("{\"status\":\"ok\",\"simulated\":true}"));
      };
    } catch (RequestRefused e) {
      reply.error(e.error());
      return Optional.empty();
    }
  }

  private void authenticate(Route route, FullHttpRequest request) throws RequestRefused {
    var key = config.key();
    if (key == null || !route.endpoint().isProtected()) {
      return;
    }
    String sent = request.headers().get("api-key", "");
    String bearer = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    if (sent.isEmpty()) {
      sent = request.headers().get("x-api-key", "");
    }
    if (sent.isEmpty() && bearer.startsWith(BEARER)) {
      sent = bearer.substring(BEARER.length());
    }
    if (!MessageDigest.isEqual(sent.getBytes(UTF_8), key.value().getBytes(UTF_8))) {
      throw new RequestRefused(ApiError.wrongKey());
    }
  }

  private Optional<Generation> chat(
      Route route, FullHttpRequest request, String id, HttpReply reply) throws RequestRefused {
    TextCall call = Body.read(request.content(), ChatCallReader::read);
    checkModel(route, call.model());
    AnswerHead head = head("chatcmpl-" + id);
    return text(call, reply, plan -> new ChatWording(head, plan));
  }

  private Optional<Generation> completion(
      Route route, FullHttpRequest request, String id, HttpReply reply) throws RequestRefused {
    TextCall call =
        Body.read(request.content(), json -> CompletionCallReader.read(json, config.seed()));
    checkModel(route, call.model());
    AnswerHead head = head("cmpl-" + id);
    return text(call, reply, plan -> new CompletionWording(head, plan));
  }

  private Optional<Generation> message(
      Route route, FullHttpRequest request, String id, HttpReply reply) throws RequestRefused {
    TextCall call = Body.read(request.content(), MessageCallReader::read);
    checkModel(route, call.model());
    AnswerHead head = head("msg_" + id);
    return text(call, reply, plan -> new MessageWording(head, plan));
  }

  private Optional<Generation> response(
      Route route, FullHttpRequest request, String id, HttpReply reply) throws RequestRefused {
    TextCall call = Body.read(request.content(), json -> ResponseCallReader.read(json, kept));
    checkModel(route, call.model());
    AnswerHead head = head("resp_" + id);
    return text(call, reply, plan -> new ResponseWording(head, plan, kept));
  }

  /** All is said when a response is kept: to cancel it is to read it. */
  private String keptOf(Route route) throws RequestRefused {
    String response = route.id() == null ? null : kept.find(route.id());
    if (response == null) {
      throw new RequestRefused(ApiError.responseNotKept(String.valueOf(route.id())));
    }
    return response;
  }

  private String deleted(Route route) throws RequestRefused {
    keptOf(route);
    kept.delete(String.valueOf(route.id()));
    return "{\"id\":\"" + route.id() + "\",\"object\":\"response\",\"deleted\":true}";
  }

  private Optional<Generation> text(
      TextCall call, HttpReply reply, Function<AnswerPlan, Wording> wording) throws RequestRefused {
    Optional<Fault> fault = fault(call.prompt().wish());
    AnswerPlan whole = AnswerPlan.of(call, config.seed());
    int input = call.prompt().tokens();
    checkLength((long) input + call.maxTokens().orElse(whole.outputTokens()));
    int expected = call.maxTokens().orElse(ProvisionedBucket.ASSUMED_OUTPUT_TOKENS);
    Generation.Charge charge = admit(input, expected);
    AnswerPlan plan = fault.map(whole::failing).orElse(whole);
    Generation.Answer answer =
        call.delivery() == Delivery.STREAMED
            ? new AnswerStream(reply, engine, plan, wording.apply(plan))
            : new WholeAnswer(reply, plan, wording.apply(plan));
    return Optional.of(started(new Generation.Work(input, plan.outputTokens(), answer, charge)));
  }

  private Generation embeddings(Route route, FullHttpRequest request, HttpReply reply)
      throws RequestRefused {
    EmbeddingsCall call = Body.read(request.content(), EmbeddingsCall::read);
    checkModel(route, call.model());
    fault(call.wish());
    checkLength(call.inputTokens() + 1L);
    Generation.Charge charge = admit(call.inputTokens(), 0);
    var answer = new EmbeddingsAnswer(reply, config.servedName(), call, config.seed());
    return started(new Generation.Work(call.inputTokens(), 1, answer, charge));
  }

  private Optional<Generation> moderation(
      Route route, FullHttpRequest request, String id, HttpReply reply) throws RequestRefused {
    ModerationCall call = Body.read(request.content(), ModerationCall::read);
    checkModel(route, call.model());
    reply.json(ModerationAnswer.json(head("modr-" + id), call));
    return Optional.empty();
  }

  /** What is to go wrong on the way; what goes wrong at once is thrown. */
  private Optional<Fault> fault(Wish wish) throws RequestRefused {
    Optional<Fault> fault = faults.take(wish);
    if (fault.isPresent() && fault.get() instanceof Fault.Status(int code, var retryAfter)) {
      throw new RequestRefused(ApiError.simulated(code, retryAfter));
    }
    return fault;
  }

  private void checkModel(Route route, @Nullable String inBody) throws RequestRefused {
    String asked = route.deployment() == null ? inBody : route.deployment();
    if (asked == null) {
      throw Body.invalid("model", "the name of a model");
    }
    if (!asked.equals(config.servedName()) && !asked.equals(config.model().value())) {
      throw new RequestRefused(ApiError.noSuchModel(asked, config.servedName()));
    }
  }

  private void checkLength(long tokens) throws RequestRefused {
    long most = config.profile().longestSequence();
    if (tokens > most) {
      throw new RequestRefused(ApiError.tooLong(tokens, most));
    }
  }

  private Generation.@Nullable Charge admit(int inputTokens, int expectedOutputTokens)
      throws RequestRefused {
    if (bucket == null) {
      return null;
    }
    return switch (bucket.arrive(inputTokens, expectedOutputTokens, engine.nowNanos())) {
      case Arrival.Admitted admitted -> new Generation.Charge(bucket, admitted);
      case Arrival.Refused(var retryAfter) ->
          throw new RequestRefused(ApiError.bucketFull(retryAfter));
    };
  }

  private Generation started(Generation.Work work) {
    var generation = new Generation(engine, metrics, work);
    generation.start();
    return generation;
  }

  private AnswerHead head(String id) {
    return new AnswerHead(id, config.servedName(), unixSeconds());
  }

  private void models(HttpReply reply) {
    String names = model(config.servedName()) + "," + model(config.model().value());
    reply.json("{\"object\":\"list\",\"data\":[" + names + "]}");
  }

  private String model(String name) {
    return "{\"id\":\""
        + name
        + "\",\"object\":\"model\",\"created\":"
        + createdSeconds
        + ",\"owned_by\":\"spillway-simulated-engine\",\"max_model_len\":"
        + config.profile().longestSequence()
        + "}";
  }

  private static Optional<Generation> told(HttpReply reply, String json) {
    reply.json(json);
    return Optional.empty();
  }

  private static Optional<Generation> at(HttpReply reply, Consumer<HttpReply> page) {
    page.accept(reply);
    return Optional.empty();
  }

  private static long unixSeconds() {
    return System.currentTimeMillis() / MILLIS_PER_SECOND;
  }
}
