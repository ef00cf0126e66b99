package dev.spillway.app.parity;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.event.SimulatedDeployment;
import dev.spillway.simulator.event.VirtualTime;
import dev.spillway.simulator.trace.TraceRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Deployments in virtual time that do what the script says. */
final class ScriptedWorld {
  private final Script script;

  ScriptedWorld(Script script) {
    this.script = script;
  }

  List<SimulatedDeployment> on(VirtualTime time, int deployments) {
    return IntStream.range(0, deployments)
        .<SimulatedDeployment>mapToObj(index -> new Scripted(time, index))
        .toList();
  }

  private final class Scripted implements SimulatedDeployment {
    private final VirtualTime time;
    private final int index;
    private int attempts;

    Scripted(VirtualTime time, int index) {
      this.time = time;
      this.index = index;
    }

    @Override
    public Attempt submit(long inputTokens, int outputTokens, Listener listener) {
      Optional<Script.Deed> deed = script.deed(index, ++attempts);
      if (deed.isPresent()) {
        Script.Deed done = deed.get();
        var failure = new AttemptFailure(done.kind(), "by the script", done.retryAfter());
        return time.in(Script.FAILS_AFTER_NANOS, () -> listener.failed(failure))::cancel;
      }
      long first = script.firstTokenNanos(index);
      var request = new TraceRequest(0, (int) inputTokens, outputTokens, List.of());
      VirtualTime.Event begun = time.in(first, listener::firstToken);
      VirtualTime.Event ended = time.in(first + script.restNanos(request), listener::finished);
      return () -> {
        begun.cancel();
        ended.cancel();
      };
    }

    @Override
    public Optional<EngineReport> report() {
      return script.report(index, time.nowNanos());
    }

    @Override
    public void fail() {
      throw new IllegalStateException("outages are in the script");
    }

    @Override
    public void restart() {
      throw new IllegalStateException("outages are in the script");
    }
  }
}
