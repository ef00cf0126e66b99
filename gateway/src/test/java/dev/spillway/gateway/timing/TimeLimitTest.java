package dev.spillway.gateway.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
  private int reached;
  private final TimeLimit limit = new TimeLimit(channel.eventLoop(), () -> reached++);

  @Test
  void isReachedOnce() {
    limit.within(Duration.ofSeconds(10));

    assertReachedAfter(9, 0);
    assertReachedAfter(1, 1);
    assertReachedAfter(100, 1);
  }

  @Test
  void isReachedLaterWhenItWasMovedOut() {
    limit.within(Duration.ofSeconds(10));
    pass(9);
    limit.within(Duration.ofSeconds(10));

    assertReachedAfter(9, 0);
    assertReachedAfter(1, 1);
  }

  @Test
  void isReachedSoonerWhenItWasMovedIn() {
    limit.within(Duration.ofSeconds(75));
    limit.within(Duration.ofSeconds(1));

    assertReachedAfter(1, 1);
    assertReachedAfter(100, 1);
  }

  @Test
  void isNotReachedWhenItWasLifted() {
    limit.within(Duration.ofSeconds(10));
    limit.none();

    assertReachedAfter(100, 0);
  }

  @Test
  void isReachedWhenItWasSetAfterItWasLifted() {
    limit.within(Duration.ofSeconds(10));
    limit.none();
    limit.within(Duration.ofSeconds(20));

    assertReachedAfter(19, 0);
    assertReachedAfter(1, 1);
  }

  @Test
  void leavesNoTaskBehindAtItsEnd() {
    limit.within(Duration.ofSeconds(10));
    limit.end();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  private void assertReachedAfter(long seconds, int times) {
    pass(seconds);
    assertThat(reached).isEqualTo(times);
  }

  private void pass(long seconds) {
    ticker.advance(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }
}
