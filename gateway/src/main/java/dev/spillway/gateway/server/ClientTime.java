package dev.spillway.gateway.server;

import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.timing.Alarms;
import dev.spillway.gateway.timing.TimeLimit;
import io.netty.channel.Channel;
import java.time.Duration;

/** How long a client of HTTP/1.1 may take for what is its turn to do. Event loop only. */
final class ClientTime {
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final GatewayConfig config;
  private final TimeLimit limit;
  private final Untaken untaken = new Untaken();
  private boolean withinHead;

  /** Of a connection on which nothing came yet. */
  ClientTime(GatewayConfig config, Alarms alarms, Runnable over) {
    this.config = config;
    this.limit = new TimeLimit(alarms, over);
    idle();
  }

  /** To begin a request. */
  void idle() {
    limit.within(config.idleWithin());
  }

  /** To take its answer, which is written to its end, and to begin the next request. */
  void answered() {
    untaken.begin();
    idle();
  }

  /** Whether it takes its answer still, if slowly: then it has as long again for more of it. */
  boolean goesOn(Channel to) {
    boolean goesOn = untaken.shrank(to);
    if (goesOn) {
      idle();
    }
    return goesOn;
  }

  /** To send a request, of whose head a part has come; counted from the first such part. */
  void headComes() {
    if (!withinHead) {
      withinHead = true;
      limit.within(config.requestWithin());
    }
  }

  /** The same; its head is here. */
  void headCame() {
    headComes();
    withinHead = false;
  }

  /** Whether it has more time to send its request, which was over: so much for what came of it. */
  boolean goesOnFor(long nanos) {
    return limit.later(nanos);
  }

  /** It has sent its request, and is not waited for. */
  void none() {
    limit.none();
  }

  /** To read why its request is not read to its end. */
  void linger() {
    limit.within(LINGER);
  }

  /** It left. */
  void end() {
    limit.end();
  }
}
