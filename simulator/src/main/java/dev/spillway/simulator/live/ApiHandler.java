package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.engine.ProvisionedBucket.Arrival;
import dev.spillway.simulator.live.ChatCall.Delivery;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
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
  private final EngineMetrics metrics;
  private final @Nullable ProvisionedBucket bucket;
  private final long createdSeconds = unixSeconds();

  ApiHandler(LiveEngineConfig config, EngineLoop engine) {
    this.config = config;
    this.engine = engine;
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
        case CHAT -> Optional.of(chat(route, request, answerId, reply));
        case EMBEDDINGS -> Optional.of(embeddings(route, request, reply));
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
    if (sent.isEmpty() && bearer.startsWith(BEARER)) {
      sent = bearer.substring(BEARER.length());
    }
    if (!MessageDigest.isEqual(sent.getBytes(UTF_8), key.value().getBytes(UTF_8))) {
      throw new RequestRefused(ApiError.wrongKey());
    }
  }

  private Generation chat(Route route, FullHttpRequest request, String id, HttpReply reply)
      throws RequestRefused {
    ChatCall call = Body.read(request.content(), ChatCallReader::read);
    checkModel(route, call.model());
    AnswerPlan plan = AnswerPlan.of(call, config.seed());
    checkLength((long) call.inputTokens() + call.maxTokens().orElse(plan.outputTokens()));
    int expected = call.maxTokens().orElse(ProvisionedBucket.ASSUMED_OUTPUT_TOKENS);
    Generation.Charge charge = admit(call.inputTokens(), expected);
    var head = new AnswerHead("chatcmpl-" + id, config.servedName(), unixSeconds());
    Generation.Answer answer =
        call.delivery() == Delivery.STREAMED
            ? new ChatStream(reply, engine, head, plan)
            : new ChatAnswer(reply, head, plan);
    return started(new Generation.Work(call.inputTokens(), plan.outputTokens(), answer, charge));
  }

  private Generation embeddings(Route route, FullHttpRequest request, HttpReply reply)
      throws RequestRefused {
    EmbeddingsCall call = Body.read(request.content(), EmbeddingsCall::read);
    checkModel(route, call.model());
    checkLength(call.inputTokens() + 1L);
    Generation.Charge charge = admit(call.inputTokens(), 0);
    var answer = new EmbeddingsAnswer(reply, config.servedName(), call, config.seed());
    return started(new Generation.Work(call.inputTokens(), 1, answer, charge));
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

  private void models(HttpReply reply) {
    reply.json(
        "{\"object\":\"list\",\"data\":[{\"id\":\""
            + config.servedName()
            + "\",\"object\":\"model\",\"created\":"
            + createdSeconds
            + ",\"owned_by\":\"spillway-simulated-engine\",\"max_model_len\":"
            + config.profile().maxModelTokens()
            + "}]}");
  }

  private static Optional<Generation> at(HttpReply reply, Consumer<HttpReply> page) {
    page.accept(reply);
    return Optional.empty();
  }

  private static long unixSeconds() {
    return System.currentTimeMillis() / MILLIS_PER_SECOND;
  }
}
