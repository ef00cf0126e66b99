package dev.spillway.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.NextStep;
import dev.spillway.gateway.timing.Alarms;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class SilenceTest {
  private static final long STALL = Duration.ofSeconds(5).toNanos();
  private static final NextStep.Limits LIMITS =
      new NextStep.Limits(Duration.ofSeconds(30).toNanos(), Long.MAX_VALUE, STALL);

  private final EmbeddedChannel time = new EmbeddedChannel();
  private final AtomicInteger tooLong = new AtomicInteger();
  private final Silence silence = silence();

  @Test
  void awaitsTheEndOfAWholeAnswerForAMoment() {
    wholeButForItsEnd();
    passes(249);
    assertThat(tooLong).hasValue(0);

    passes(2);

    assertThat(tooLong).hasValue(1);
  }

  /** Nothing is read then: what ends it may be there already. */
  @Test
  void awaitsNoEndWhileTheClientTakesNothing() {
    silence.contentBegins();
    silence.pauses();
    silence.endAwaited(AnswerReader.END_WITHIN_NANOS);
    passes(10_000);
    assertThat(tooLong).hasValue(0);

    silence.goesOn();
    passes(251);

    assertThat(tooLong).hasValue(1);
  }

  @Test
  void awaitsItForAMomentAgainOnceTheClientTakesBytesAgain() {
    wholeButForItsEnd();
    passes(100);
    silence.pauses();
    passes(10_000);
    silence.goesOn();
    passes(249);
    assertThat(tooLong).hasValue(0);

    passes(2);

    assertThat(tooLong).hasValue(1);
  }

  @Test
  void countsForHowLongTheClientTookNothing() {
    silence.pauses();
    passes(1_000);
    silence.contentBegins();
    passes(2_000);
    silence.goesOn();
    passes(4_000);
    silence.pauses();
    passes(500);
    silence.pauses();
    passes(500);

    assertThat(silence.pausesSoFar().unreadNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(3));
  }

  private void wholeButForItsEnd() {
    silence.contentBegins();
    silence.endAwaited(AnswerReader.END_WITHIN_NANOS);
  }

  private void passes(long millis) {
    time.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    time.runScheduledPendingTasks();
  }

  private Silence silence() {
    time.freezeTime();
    EventLoop loop = time.eventLoop();
    LongSupplier clock = loop.ticker()::nanoTime;
    return new Silence(clock, new Alarms(loop, clock, 0), LIMITS, tooLong::incrementAndGet);
  }
}
