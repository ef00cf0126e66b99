package dev.spillway.gateway;

import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.health.BreakerTuning;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.RetryTuning;
import dev.spillway.core.routing.DeploymentTuning;
import dev.spillway.testkit.faulty.FaultyProvider;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Faulty providers and the hub before them, for one test: fresh each time, since what a hub learnt
 * of a provider in one test would decide the next.
 *
 * <p>Afterwards nothing may be left: no reservation, no buffer, no text of an answer.
 */
final class Providers implements BeforeEachCallback, AfterEachCallback {
  /** How long the first content and a standing stream may take at the hubs of these tests. */
  static final Duration LIMIT = Duration.ofMillis(500);

  /** How long a breaker is open at first. */
  static final Duration HOLD_DOWN = Duration.ofMillis(300);

  /** Whoever counts requests wants none of them. */
  private static final HedgeTuning NO_HEDGES = new HedgeTuning(0, 0, Duration.ofMillis(100));

  private final int count;
  private final @Nullable Supplier<SSLContext> security;
  private final List<FaultyProvider> providers = new ArrayList<>();
  private final List<TestHub> hubs = new CopyOnWriteArrayList<>();
  private final List<TestClient> clients = new CopyOnWriteArrayList<>();

  /** So many, without TLS. */
  Providers(int count) {
    this(count, null);
  }

  private Providers(int count, @Nullable Supplier<SSLContext> security) {
    this.count = count;
    this.security = security;
  }

  /** So many, which speak TLS so. */
  static Providers secured(int count, Supplier<SSLContext> security) {
    return new Providers(count, security);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    for (int i = 0; i < count; i++) {
      if (security == null) {
        providers.add(FaultyProvider.start("provider-" + i));
      } else {
        addSecured(security.get());
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    try {
      for (TestClient each : clients) {
        each.close();
      }
      for (TestHub each : hubs) {
        Until.holds("nothing is in flight", () -> each.inFlight() == 0);
        Until.holds("nothing is kept", () -> each.continuations().takenBytes() == 0);
        Until.holds("nothing is held", () -> each.gateway().answers().takenBytes() == 0);
      }
    } finally {
      hubs.forEach(TestHub::close);
      providers.forEach(FaultyProvider::close);
      clients.clear();
      hubs.clear();
      providers.clear();
    }
    LeakPresenceDetector.check();
  }

  /** One more, which speaks TLS so. */
  FaultyProvider addSecured(SSLContext security) throws IOException {
    FaultyProvider added = FaultyProvider.start("provider-" + providers.size(), security);
    providers.add(added);
    return added;
  }

  /** The one that is preferred. */
  FaultyProvider home() {
    return providers.getFirst();
  }

  /** The one that is asked next. */
  FaultyProvider partner() {
    return providers.get(1);
  }

  FaultyProvider get(int index) {
    return providers.get(index);
  }

  /** A hub before so many of them, with the short limits of these tests. */
  TestHub hub(int deployments) throws IOException, InterruptedException {
    return hub(deployments, plan -> plan);
  }

  /** The same with what this test changes. */
  TestHub hub(int deployments, UnaryOperator<HubPlan> change)
      throws IOException, InterruptedException {
    int[] ports = providers.stream().limit(deployments).mapToInt(FaultyProvider::port).toArray();
    return start(change.apply(plan(ports)));
  }

  /** A hub with one deployment, which is this one. */
  TestHub hubBeforeOnly(int provider) throws IOException, InterruptedException {
    return start(plan(providers.get(provider).port()));
  }

  /** A hub before these ports, with what this test changes. */
  TestHub hubBefore(UnaryOperator<HubPlan> change, int... ports)
      throws IOException, InterruptedException {
    return start(change.apply(plan(ports)));
  }

  private static HubPlan plan(int... ports) {
    return HubPlan.before(ports)
        .with(shortLimits())
        .with(NO_HEDGES)
        .stallingWithin(LIMIT)
        .beginningWithin(LIMIT);
  }

  private TestHub start(HubPlan plan) throws IOException, InterruptedException {
    TestHub hub = TestHub.start(plan);
    hubs.add(hub);
    return hub;
  }

  TestClient client(Way way, TestHub hub) throws IOException {
    TestClient client = way.protocol().connect(hub);
    clients.add(client);
    return client;
  }

  /** Asks for a chat on a connection of its own, and reads the answer. */
  ReceivedMessage ask(Way way, TestHub hub, String body, String... headers) throws IOException {
    return post(Requests.CHAT, way, hub, body, headers);
  }

  /** The same of completions. */
  ReceivedMessage complete(Way way, TestHub hub, String body) throws IOException {
    return post(Requests.COMPLETIONS, way, hub, body);
  }

  private ReceivedMessage post(
      String methodAndPath, Way way, TestHub hub, String body, String... headers)
      throws IOException {
    TestClient client = client(way, hub);
    client.send(
        Requests.post(
            methodAndPath,
            body,
            Stream.concat(Stream.of(Requests.AUTHORIZED), Stream.of(headers))
                .toArray(String[]::new)));
    return client.receive();
  }

  /** The same, with a breaker that is open for this long at first. */
  static Tuning holdingDownFor(Tuning tuning, Duration holdDown) {
    return with(tuning, breaker(tuning.deployment().breaker(), holdDown));
  }

  /** The same, but where nobody else is, it is tried again only after this time or half more. */
  static Tuning tryingAgainAfter(Tuning tuning, Duration backoff) {
    return with(tuning, tuning.deployment().breaker(), backoff);
  }

  /** The same, but one that refuses our configuration is tried this often. */
  static Tuning tryingWrongOnesEvery(Tuning tuning, Duration time) {
    BreakerTuning usual = tuning.deployment().breaker();
    return with(
        tuning,
        new BreakerTuning(
            usual.unreachableInARow(),
            usual.failureRate(),
            usual.holdDown(),
            usual.mostHoldDown(),
            usual.betweenProbes(),
            usual.relapseWithin(),
            usual.ramp(),
            usual.probeLimit(),
            time));
  }

  private static Tuning shortLimits() {
    return with(Tuning.DEFAULT, breaker(BreakerTuning.DEFAULT, HOLD_DOWN));
  }

  private static Tuning with(Tuning usual, BreakerTuning breaker) {
    return with(usual, breaker, Duration.ofMillis(20));
  }

  private static Tuning with(Tuning usual, BreakerTuning breaker, Duration backoff) {
    DeploymentTuning deployment = usual.deployment();
    return new Tuning(
        new DeploymentTuning(
            deployment.router(),
            breaker,
            deployment.admissionState(),
            deployment.bucket(),
            deployment.concurrency(),
            deployment.engine(),
            retry(deployment.retry(), backoff),
            deployment.limits(),
            deployment.hedge()),
        usual.room(),
        usual.priorOutputTokens());
  }

  private static BreakerTuning breaker(BreakerTuning usual, Duration holdDown) {
    return new BreakerTuning(
        usual.unreachableInARow(),
        usual.failureRate(),
        holdDown,
        holdDown.multipliedBy(4),
        holdDown,
        usual.relapseWithin(),
        holdDown,
        usual.probeLimit(),
        usual.misconfiguredProbe());
  }

  private static RetryTuning retry(RetryTuning usual, Duration backoff) {
    return new RetryTuning(
        usual.mostAttempts(),
        backoff,
        usual.retriesPerRequest(),
        usual.retriesInReserve(),
        usual.waitUnasked(),
        usual.mostWaitUnasked());
  }
}
