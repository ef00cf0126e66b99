package dev.spillway.gateway;

import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.LimitTuning;
import dev.spillway.core.routing.DeploymentTuning;
import dev.spillway.gateway.upstream.Endpoint.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a hub of a test is made of: start with {@link #before} and change what the test is about.
 *
 * @param places one a deployment, in the order in which they are preferred; the first is home
 * @param streamedForWhole classes whose answers are streamed to the hub in any case
 * @param limits of each tenant
 * @param tls for places that speak it
 */
record HubPlan(
    GatewayConfig config,
    Tuning tuning,
    List<Place> places,
    Set<WorkloadClass> streamedForWhole,
    Contract contract,
    TenantLimits limits,
    UpstreamTls tls) {
  private static final Capacity ROOMY = new Capacity.SelfHosted(1, 256, 1_000_000);
  private static final int USUAL_CONTEXT = 32_768;

  HubPlan {
    places = List.copyOf(places);
    streamedForWhole = Set.copyOf(streamedForWhole);
  }

  /** Where a deployment is, how it is spoken to and what it takes. */
  record Place(int port, String dialect, Capacity capacity, int contextTokens, Security security) {}

  /** Patient, roomy, and before providers that listen on these ports and speak OpenAI's API. */
  static HubPlan before(int... providerPorts) {
    List<Place> places =
        Arrays.stream(providerPorts)
            .mapToObj(port -> new Place(port, "openai", ROOMY, USUAL_CONTEXT, Security.PLAIN))
            .toList();
    return new HubPlan(
        GatewayConfig.on("127.0.0.1", 0),
        Tuning.DEFAULT,
        places,
        Set.of(),
        Contract.EMPTY,
        TenantLimits.NONE,
        new UpstreamTls());
  }

  HubPlan with(GatewayConfig changed) {
    return new HubPlan(changed, tuning, places, streamedForWhole, contract, limits, tls);
  }

  HubPlan with(Tuning changed) {
    return new HubPlan(config, changed, places, streamedForWhole, contract, limits, tls);
  }

  HubPlan with(DeploymentTuning changed) {
    return with(new Tuning(changed, tuning.room(), tuning.priorOutputTokens()));
  }

  HubPlan with(Capacity capacity) {
    return withPlaces(
        places.stream()
            .map(each ->
                new Place(
                    each.port(), each.dialect(), capacity, each.contextTokens(), each.security()))
            .toList());
  }

  HubPlan with(HedgeTuning hedge) {
    DeploymentTuning usual = tuning.deployment();
    return with(
        new DeploymentTuning(
            usual.router(),
            usual.breaker(),
            usual.admissionState(),
            usual.bucket(),
            usual.concurrency(),
            usual.engine(),
            usual.retry(),
            usual.limits(),
            hedge));
  }

  HubPlan with(LimitTuning limits) {
    DeploymentTuning usual = tuning.deployment();
    return with(
        new DeploymentTuning(
            usual.router(),
            usual.breaker(),
            usual.admissionState(),
            usual.bucket(),
            usual.concurrency(),
            usual.engine(),
            usual.retry(),
            limits,
            usual.hedge()));
  }

  /** How long a stream may stand still, whatever was learnt. */
  HubPlan stallingWithin(Duration limit) {
    LimitTuning usual = tuning.deployment().limits();
    return with(
        new LimitTuning(
            usual.firstContentFloor(),
            usual.firstContentCeiling(),
            limit,
            limit,
            usual.factor(),
            usual.learntFrom()));
  }

  /** How long a first content may take where another may answer, whatever was learnt. */
  HubPlan beginningWithin(Duration limit) {
    LimitTuning usual = tuning.deployment().limits();
    return with(
        new LimitTuning(
            limit,
            limit,
            usual.stallFloor(),
            usual.stallCeiling(),
            usual.factor(),
            usual.learntFrom()));
  }

  /** Every answer comes as a stream, and clients that want it all at once get it so. */
  HubPlan streamingUpstream() {
    return new HubPlan(
        config, tuning, places, Set.of(WorkloadClass.ONLINE_INFERENCE), contract, limits, tls);
  }

  HubPlan under(Contract changed) {
    return new HubPlan(config, tuning, places, streamedForWhole, changed, limits, tls);
  }

  /** Each tenant may have so many requests at once. */
  HubPlan admitting(int atOnce) {
    TenantLimits narrow =
        new TenantLimits(limits.requestsPerMinute(), limits.tokensPerMinute(), atOnce);
    return new HubPlan(config, tuning, places, streamedForWhole, contract, narrow, tls);
  }

  /** Each deployment its dialect, in order. */
  HubPlan speaking(String... dialects) {
    List<Place> changed = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      Place each = places.get(i);
      changed.add(
          new Place(
              each.port(), dialects[i], each.capacity(), each.contextTokens(), each.security()));
    }
    return withPlaces(changed);
  }

  /** Each deployment its longest context, in order. */
  HubPlan taking(int... contextTokens) {
    List<Place> changed = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      Place each = places.get(i);
      changed.add(
          new Place(
              each.port(), each.dialect(), each.capacity(), contextTokens[i], each.security()));
    }
    return withPlaces(changed);
  }

  /** Each deployment over TLS, which is spoken so. */
  HubPlan over(UpstreamTls changed) {
    List<Place> secured =
        places.stream()
            .map(each ->
                new Place(
                    each.port(),
                    each.dialect(),
                    each.capacity(),
                    each.contextTokens(),
                    Security.TLS))
            .toList();
    return new HubPlan(config, tuning, secured, streamedForWhole, contract, limits, changed);
  }

  /** This much memory for what is kept so that answers can be continued. */
  HubPlan keeping(long continuationMemoryBytes) {
    return with(continuationMemoryBytes, config.answerMemoryBytes());
  }

  /** This much memory for answers that are held until all of them came. */
  HubPlan holding(long answerMemoryBytes) {
    return with(config.continuationMemoryBytes(), answerMemoryBytes);
  }

  private HubPlan with(long continuationMemoryBytes, long answerMemoryBytes) {
    return with(
        new GatewayConfig(
            config.host(),
            config.port(),
            config.loops(),
            config.transport(),
            config.maxBodyBytes(),
            config.maxUploadBytes(),
            config.bodyMemoryBytes(),
            continuationMemoryBytes,
            answerMemoryBytes,
            config.maxHeaderBytes(),
            config.maxConnections(),
            config.requestWithin(),
            config.idleWithin(),
            config.names(),
            config.corsOrigins(),
            config.tls()));
  }

  private HubPlan withPlaces(List<Place> changed) {
    return new HubPlan(config, tuning, changed, streamedForWhole, contract, limits, tls);
  }
}
