package dev.spillway.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.gateway.Offers;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.FactSealer;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.gateway.kept.KeptResponses;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.gateway.upstream.Credential;
import dev.spillway.gateway.upstream.Endpoint;
import dev.spillway.gateway.upstream.Linked;
import dev.spillway.gateway.upstream.Place;
import dev.spillway.gateway.upstream.SiteNote;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.providers.Dialects;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.json.ByteSlice;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutgoingRequestTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final ModelName MODEL = new ModelName("m");
  private static final DeploymentId CHAT = new DeploymentId("chat");
  private static final ByteSlice BODY =
      ByteSlice.of("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  private static final Site SITE =
      new Site(
          new SiteId("home"),
          new ProviderId("p"),
          Site.Role.HOME,
          new Geography("us"),
          null,
          Duration.ZERO);
  private static final FactSealer SEALER =
      (ask, attemptId, at) -> ask.tenant() + " " + attemptId + " " + at;

  /** It may have waited for hours, and since before anybody was linked. */
  @Test
  void sealsFactsAsOfNowAndUnderWhatIsInForce() {
    Call call = call(snapshot(1, FactSealer.NONE), Instant.now().minus(Duration.ofHours(3)));
    call.inForce().becomes(snapshot(2, SEALER));
    long before = Instant.now().getEpochSecond();

    SiteNote note = noteOf(call, new Linked(SITE.id()));

    assertThat(note.sealedFacts()).startsWith("team-a decision-2 ");
    long at = Long.parseLong(note.sealedFacts().substring("team-a decision-2 ".length()));
    assertThat(at).isBetween(before, before + 60);
  }

  @Test
  void sealsNothingForWhomNoAgentStandsBefore() {
    Call call = call(snapshot(1, SEALER), Instant.now());

    SiteNote note = noteOf(call, new Endpoint("h", 80, Endpoint.Security.PLAIN));

    assertThat(note).isSameAs(SiteNote.NONE);
  }

  private static SiteNote noteOf(Call call, Place place) {
    AttemptPlan plan =
        new AttemptPlan(
            2,
            upstream(place),
            new Served(CHAT, SITE.id()),
            new NextStep.Limits(1, 1, 1),
            new AsItIs(),
            0);
    var request = OutgoingRequest.of(call, plan, plan.question(), UnpooledByteBufAllocator.DEFAULT);
    request.body().release();
    return request.note();
  }

  private static Upstream upstream(Place place) {
    return new Upstream(
        CHAT,
        place,
        new UpstreamTarget("/v1", "m", null, UpstreamTarget.EngineOrder.ARRIVAL),
        Dialects.named("openai"),
        Credential.NONE);
  }

  private static Call call(Snapshot atTheDoor, Instant at) {
    Ask ask = new Ask(TENANT, WorkloadClass.ONLINE_INFERENCE, MODEL, List.of());
    RequestShape shape = new RequestShape(1, 0, 0, RequestShape.Answer.WHOLE);
    return new Call(
        atTheDoor,
        new InForce(atTheDoor),
        new Journey(ask, tenant(), Objective.DEFAULT, shape, 0, at.getEpochSecond(), 1),
        request(),
        null,
        "",
        Unpooled.wrappedBuffer(BODY.array(), BODY.offset(), BODY.length()),
        new Sender("salt", Priority.NORMAL),
        "request",
        "decision",
        at);
  }

  private static ScannedRequest request() {
    return switch (RequestScan.of(Operation.CHAT_COMPLETIONS, null, BODY)) {
      case RequestScan.Accepted(var request) -> request;
      case RequestScan.Refused(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private static Snapshot snapshot(long version, FactSealer sealer) {
    Deployment deployment =
        new Deployment(
            CHAT,
            SITE,
            MODEL,
            null,
            new Capacity.OnDemand(1),
            new Price(0, 0, 0, 0),
            new Speed(20, 12_000, 17, 0.1),
            8_192);
    List<Deployment> deployments = List.of(deployment);
    List<Upstream> upstreams = List.of(upstream(new Linked(SITE.id())));
    Topology topology = new Topology(new PlatformId("p"), List.of(SITE), deployments);
    List<Tenant> tenants = List.of(tenant());
    var compiled =
        (Compilation.Compiled) PolicyCompiler.compile(topology, tenants, Contract.EMPTY, 0);
    return new Snapshot(
        version,
        0,
        topology,
        new LiveDispatcher(topology, tenants, compiled.policy(), Tuning.DEFAULT),
        upstreams,
        new KeyDirectory(Map.of()),
        Map.of(),
        Map.of("m", MODEL),
        Map.of(),
        Set.of(),
        new Offers(deployments, upstreams),
        new KeptResponses(new byte[32], List.of(CHAT)),
        sealer);
  }

  private static Tenant tenant() {
    return new Tenant(
        TENANT,
        List.of(WorkloadClass.ONLINE_INFERENCE),
        Priority.NORMAL,
        List.of(),
        List.of(),
        List.of(),
        TenantLimits.NONE);
  }

  /** Changes nothing, and is not answered. */
  private record AsItIs() implements Question {
    @Override
    public void translate(Upstream to, BodyEdit body) {}

    @Override
    public boolean streams() {
      return false;
    }

    @Override
    public NotThere notThere() {
      throw new AssertionError("not answered");
    }

    @Override
    public AnswerMemory.Share held() {
      throw new AssertionError("not answered");
    }

    @Override
    public AnswerReader reader(Upstream from, HttpHeaders headers, Via via) {
      throw new AssertionError("not answered");
    }
  }
}
