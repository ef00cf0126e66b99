package dev.spillway.site.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.site.calibration.Calibrator.Subject;
import dev.spillway.site.calibration.Calibrator.Waits;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.SentRequest;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.wire.link.SiteMessage.Pace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an engine over a real socket, which takes the time that it is told to. */
class CalibratorTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Waits WAITS =
      new Waits(SOON, SOON, SOON, SOON, Duration.ofSeconds(30), Duration.ofSeconds(30));

  /** How exact it is, TrialsTest says, where time is exact. */
  private static final String BUSY_MACHINE =
      "1,000 tokens/s and 10 ms, on a machine that may be busy";

  private static final EngineReport IDLE = new EngineReport(0, 0, 0, 1);
  private static final EngineReport BUSY = new EngineReport(1, 0, 0, 1);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private volatile boolean probing = true;
  private Subject subject;
  private PacedEngine engine;
  private volatile EngineReport report = IDLE;

  @BeforeEach
  void start() throws IOException {
    engine = new PacedEngine();
    subject = subject(engine);
    probe(subject.replica());
  }

  @AfterEach
  void stop() throws Exception {
    probing = false;
    for (AutoCloseable each : opened) {
      each.close();
    }
    engine.close();
    http.shutdownNow();
  }

  @Test
  void measuresAnEngineThatHasNothingElseToDo() {
    calibrate();

    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
    assertThat(pace().prefillTokensPerSecond()).as(BUSY_MACHINE).isBetween(100L, 3_000L);
    assertThat(pace().decodeMicros()).as(BUSY_MACHINE).isBetween(9_000L, 100_000L);
    assertThat(subject.deployment().state(System.nanoTime()).prefillTokensPerSecond())
        .isEqualTo(pace().prefillTokensPerSecond());
  }

  @Test
  void asksNothingOfAnEngineThatOthersKeepBusy() throws IOException {
    report = BUSY;
    calibrate();
    try (PacedEngine idle = new PacedEngine()) {
      Subject other = subject(idle);
      opened.add(Calibrator.start(http, other.replica().address(), List.of(other), WAITS));
      until(
          "another is measured meanwhile",
          () -> {
            other.replica().probed(IDLE, System.nanoTime());
            return !pace(other).equals(Pace.UNKNOWN);
          });
    }
    assertThat(engine.asked()).isZero();

    report = IDLE;

    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
  }

  @Test
  void breaksOffAtOnceForARequestAndBeginsAnewAfterIt() {
    engine.stalls = true;
    calibrate();
    until("it is being measured", () -> engine.asked() == 1);

    SentRequest request = SentRequest.to(subject.deployment());

    until("the engine is left alone", () -> engine.brokenOff() == 1);
    engine.stalls = false;
    assertThat(engine.asked()).isEqualTo(1);
    assertThat(pace()).isEqualTo(Pace.UNKNOWN);

    request.ends();

    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
  }

  @Test
  void measuresAgainWhenTheEngineHasAnotherModel() {
    calibrate();
    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));

    engine.prefillTokensPerSecond = 4_000;
    engine.model = "model-b";

    until("it is measured again", () -> pace().prefillTokensPerSecond() > 2_000);
  }

  @Test
  void asksNothingMoreWhileTheModelStays() {
    calibrate();
    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
    int asked = engine.asked();
    int looked = engine.looked();

    until("it looked at the model again and again", () -> engine.looked() > looked + 3);

    assertThat(engine.asked()).isEqualTo(asked);
  }

  @Test
  void triesAgainWhenTheEngineFailed() {
    engine.failures.set(2);
    calibrate();

    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
  }

  @Test
  void asksAnEngineThatKnowsNoChatToGoOnWithATextInstead() {
    engine.chats = false;
    calibrate();

    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
    assertThat(pace().prefillTokensPerSecond()).as(BUSY_MACHINE).isBetween(100L, 3_000L);
  }

  @Test
  void measuresAnEngineOnceForAllDeploymentsThatShareIt() {
    Subject shared = subject(engine);
    probe(shared.replica());
    opened.add(
        Calibrator.start(http, subject.replica().address(), List.of(subject, shared), WAITS));

    until("it is measured", () -> !pace().equals(Pace.UNKNOWN));
    assertThat(pace(shared)).isEqualTo(pace());
  }

  private void calibrate() {
    opened.add(Calibrator.start(http, subject.replica().address(), List.of(subject), WAITS));
  }

  private Pace pace() {
    return pace(subject);
  }

  private static Pace pace(Subject of) {
    return of.deployment().state(System.nanoTime()).pace();
  }

  private void probe(Replica replica) {
    Thread.ofVirtual()
        .start(() -> {
          while (probing) {
            replica.probed(report, System.nanoTime());
            LockSupport.parkNanos(SOON.toNanos());
          }
        });
  }

  private static Subject subject(PacedEngine engine) {
    URI url = URI.create("http://127.0.0.1:" + engine.port());
    Replica replica = new Replica(EngineAddress.of(url), "mark");
    return new Subject(
        new ServedDeployment(
            new DeploymentId("chat-oci"), List.of(replica), Prefixes.OF_A_TENANT, 0),
        replica);
  }

  private static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within 30 s: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
