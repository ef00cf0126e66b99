package dev.spillway.app.demo;

import dev.spillway.core.model.SiteId;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the hub itself saw, site by site; told from event loops, read by the screen. */
final class Tally implements RequestObserver {
  private final Map<String, Site> sites = new ConcurrentHashMap<>();
  private final LongAdder refusedByHome = new LongAdder();
  private final LongAdder continued = new LongAdder();
  private final SiteId home;

  Tally(SiteId home) {
    this.home = home;
  }

  /** What one site has done so far. */
  static final class Site {
    private final LongAdder served = new LongAdder();
    private final LongAdder outputTokens = new LongAdder();
    private final LongAdder firstTokens = new LongAdder();
    private final LongAdder ttftNanos = new LongAdder();

    long served() {
      return served.sum();
    }

    long outputTokens() {
      return outputTokens.sum();
    }

    /** Mean time to first token so far and how many it is of: for differences. */
    long firstTokens() {
      return firstTokens.sum();
    }

    long ttftNanos() {
      return ttftNanos.sum();
    }
  }

  @Override
  public void ended(RequestRecord request) {
    for (FailedAttempt failed : request.failures()) {
      if (failed.failure().kind() == Kind.RATE_LIMITED && failed.at().site().equals(home)) {
        refusedByHome.increment();
      }
    }
    if (request.continuations() > 0 && request.outcome() == Outcome.WHOLE) {
      continued.increment();
    }
    Served served = request.served();
    if (served != null && request.outcome() == Outcome.WHOLE) {
      Site site = site(served.site().value());
      site.served.increment();
      site.outputTokens.add(request.usage().outputTokens());
      if (request.nanosToFirstToken() >= 0) {
        site.firstTokens.increment();
        site.ttftNanos.add(request.nanosToFirstToken());
      }
    }
  }

  Site site(String name) {
    return sites.computeIfAbsent(name, any -> new Site());
  }

  /** Answers that broke off and became whole all the same. */
  long continued() {
    return continued.sum();
  }

  long refusedByHome() {
    return refusedByHome.sum();
  }
}
