package dev.spillway.gateway.exchange;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for room, of all event loops together.
 *
 * <p>Order and fairness are between all requests, so one loop owns the line; only requests that
 * must wait come here, and only if somebody waits does the end of another request cause a hop. The
 * rules are the dispatcher's; after a reload the line goes on under the newest one.
 */
public final class WaitingLine {
  private final EventLoop owner;
  private final Supplier<Dispatcher> dispatcher;
  private final LongSupplier nanoClock;
  private final IdentityHashMap<Journey, Exchange> waiting = new IdentityHashMap<>();

  private @Nullable Future<?> nextLook;

  /** An empty line, owned by this loop. */
  public WaitingLine(EventLoop owner, Supplier<Dispatcher> dispatcher, LongSupplier nanoClock) {
    this.owner = owner;
    this.dispatcher = dispatcher;
    this.nanoClock = nanoClock;
  }

  /** Room may have become free; called from any loop. */
  public void roomMayBeFree() {
    if (dispatcher.get().waiting() > 0) {
      owner.execute(this::release);
    }
  }

  /** Puts an exchange in line; it hears of a step, or of a refusal, on its own loop. */
  void enqueue(Exchange exchange, NextStep.Wait wait) {
    owner.execute(() -> enqueueNow(exchange, wait));
  }

  /** Takes an exchange out; it hears on its own loop, unless a step is on its way already. */
  void leave(Exchange exchange) {
    owner.execute(() -> {
      if (waiting.remove(exchange.journey()) != null) {
        dispatcher.get().leaveWaitingRoom(exchange.journey(), nanoClock.getAsLong());
        exchange.loop().execute(exchange::leftLine);
      }
    });
  }

  private void enqueueNow(Exchange exchange, NextStep.Wait wait) {
    switch (dispatcher.get().enqueue(exchange.journey(), wait, nanoClock.getAsLong())) {
      case Admission.Rejected rejected ->
          exchange.loop().execute(() -> exchange.turnedAway(rejected));
      case Admission.Queued _, Admission.Admitted _ -> {
        waiting.put(exchange.journey(), exchange);
        release();
      }
    }
  }

  private void release() {
    long now = nanoClock.getAsLong();
    long again = dispatcher.get().release(now, this::letOut);
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
