package dev.spillway.gateway.telemetry;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import java.time.Instant;
import java.util.List;

/** Requests that are over, for the tests of those who are told. */
public final class Records {
  /** The platform's own site. */
  public static final Served HOME = served("home");

  /** A partner's. */
  public static final Served PARTNER = served("oci-chicago");

  private Records() {}

  /** A whole answer of 11 tokens: the first after 0.2 s, the last after 1.2 s. */
  public static RequestRecord whole(String requestId, Served by) {
    return record(requestId, by, Outcome.WHOLE, 200_000_000, List.of());
  }

  /** Home was full and the partner answered. */
  public static RequestRecord spilled() {
    AttemptFailure full =
        new AttemptFailure(AttemptFailure.Kind.RATE_LIMITED, "home said it is full", null);
    return record(
        "req-2", PARTNER, Outcome.WHOLE, 200_000_000, List.of(new FailedAttempt(HOME, full)));
  }

  /** No attempt gave an answer; the partner's was the last. */
  public static RequestRecord failed() {
    AttemptFailure down =
        new AttemptFailure(AttemptFailure.Kind.UNREACHABLE, "nobody listens", null);
    return record("req-3", PARTNER, Outcome.FAILED, -1, List.of(new FailedAttempt(PARTNER, down)));
  }

  private static RequestRecord record(
      String requestId,
      Served served,
      Outcome outcome,
      long nanosToFirstToken,
      List<FailedAttempt> failures) {
    return new RequestRecord(
        requestId,
        "dec-1",
        Instant.parse("2026-01-02T03:04:05Z"),
        new TenantId("team-a"),
        WorkloadClass.ONLINE_INFERENCE,
        new ModelName("gpt-4o"),
        "chat/completions",
        served,
        outcome,
        outcome == Outcome.WHOLE ? 200 : 502,
        new Usage(100, 0, 11, Usage.Source.PROVIDER),
        nanosToFirstToken,
        1_200_000_000,
        failures,
        0,
        List.of());
  }

  private static Served served(String site) {
    return new Served(new DeploymentId("chat-" + site), new SiteId(site));
  }
}
