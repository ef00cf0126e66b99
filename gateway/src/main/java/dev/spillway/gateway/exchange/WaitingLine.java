package dev.spillway.gateway.exchange;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.gateway.Snapshot;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for room, of all event loops together.
 *
 * <p>Order and fairness are between all requests, so one loop owns the line; only requests that
 * must wait come here, and only if somebody waits does the end of another request cause a hop. The
 * rules are the dispatcher's. When another configuration is put in force everybody is sent to look
 * again under it, and comes back if there is still no room: a step that was decided under one
 * configuration means another deployment, or none, under the next.
 */
public final class WaitingLine {
  private final EventLoop owner;
  private final Supplier<Snapshot> newest;
  private final LongSupplier nanoClock;

  /** In the order in which they came; a journey is equal to itself only. */
  private final Map<Journey, Exchange> waiting = new LinkedHashMap<>();

  private Snapshot inForce;
  private @Nullable Future<?> nextLook;

  /**
   * An empty line, owned by this loop.
   *
   * @param newest the configuration in force
   */
  public WaitingLine(EventLoop owner, Supplier<Snapshot> newest, LongSupplier nanoClock) {
    this.owner = owner;
    this.newest = newest;
    this.nanoClock = nanoClock;
    this.inForce = newest.get();
  }

  /** Room may have become free; called from any loop. */
  public void roomMayBeFree() {
    if (newest.get().dispatcher().waiting() > 0 && !owner.isShutdown()) {
      owner.execute(this::release);
    }
  }

  /**
   * Puts an exchange in line; it hears of a step, or of a refusal, or that it is to look again, on
   * its own loop.
   *
   * @param decidedUnder the configuration under which it was told to wait
   */
  void enqueue(Exchange exchange, Snapshot decidedUnder, NextStep.Wait wait) {
    owner.execute(() -> enqueueNow(exchange, decidedUnder, wait));
  }

  /** Takes an exchange out; it hears on its own loop, unless a step is on its way already. */
  void leave(Exchange exchange) {
    owner.execute(() -> {
      if (waiting.remove(exchange.journey()) != null) {
        inForce.dispatcher().leaveWaitingRoom(exchange.journey(), nanoClock.getAsLong());
        exchange.loop().execute(exchange::leftLine);
      }
    });
  }

  private void enqueueNow(Exchange exchange, Snapshot decidedUnder, NextStep.Wait wait) {
    turnToTheNewest();
    if (decidedUnder.version() != inForce.version()) {
      exchange.loop().execute(exchange::looksAgain);
      return;
    }
    switch (inForce.dispatcher().enqueue(exchange.journey(), wait, nanoClock.getAsLong())) {
      case Admission.Rejected rejected ->
          exchange.loop().execute(() -> exchange.turnedAway(rejected));
      case Admission.Queued _, Admission.Admitted _ -> {
        waiting.put(exchange.journey(), exchange);
        release();
      }
    }
  }

  private void turnToTheNewest() {
    Snapshot now = newest.get();
    if (now.version() != inForce.version()) {
      for (Map.Entry<Journey, Exchange> each : waiting.entrySet()) {
        inForce.dispatcher().leaveWaitingRoom(each.getKey(), nanoClock.getAsLong());
        each.getValue().loop().execute(each.getValue()::looksAgain);
      }
      waiting.clear();
      inForce = now;
    }
  }

  private void release() {
    turnToTheNewest();
    long now = nanoClock.getAsLong();
    long again = inForce.dispatcher().release(now, this::letOut);
    if (nextLook != null) {
      nextLook.cancel(false);
      nextLook = null;
    }
    if (again != Long.MAX_VALUE) {
      nextLook = owner.schedule(this::release, Math.max(0, again - now), NANOSECONDS);
    }
  }

  private void letOut(Journey journey, NextStep step) {
    Exchange exchange = waiting.remove(journey);
    if (exchange == null) {
      throw new IllegalStateException("let out, but was not in line: " + journey.ask());
    }
    exchange.loop().execute(() -> exchange.carryOut(step));
  }
}
