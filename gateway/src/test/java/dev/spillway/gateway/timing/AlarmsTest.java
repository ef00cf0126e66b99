package dev.spillway.gateway.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private static final int MOST_KEPT = 4;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
  private final Alarms alarms = new Alarms(channel.eventLoop(), ticker::nanoTime, MOST_KEPT);
  private final List<String> reached = new ArrayList<>();

  @Test
  void theAlarmOfALimitThatEndedServesTheNext() {
    limit("first").end();
    pass(1);
    limit("second");

    pass(9); // when the first would have been reached
    assertThat(reached).isEmpty();
    pass(1);
    assertThat(reached).containsExactly("second");
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  @Test
  void aLimitSoonerThanTheAlarmThatItGotIsReachedInTime() {
    limit("first").end();

    new TimeLimit(alarms, () -> reached.add("soon")).within(Duration.ofSeconds(1));

    pass(1);
    assertThat(reached).containsExactly("soon");
  }

  @Test
  void limitsAtATimeHaveAnAlarmEach() {
    limit("a");
    pass(1);
    limit("b").end();
    limit("c");

    pass(9);
    assertThat(reached).containsExactly("a");
    pass(1);
    assertThat(reached).containsExactly("a", "c");
  }

  @Test
  void aLimitThatEndedTwiceGivesItsAlarmBackOnce() {
    TimeLimit ended = limit("ended");
    ended.end();
    ended.end();
    limit("a");
    TimeLimit other = limit("b");
    other.none();

    pass(10);
    assertThat(reached).containsExactly("a");
  }

  @Test
  void whatIsMoreThanMayBeKeptLeavesNoTaskBehind() {
    Alarms none = new Alarms(channel.eventLoop(), ticker::nanoTime, 0);
    TimeLimit limit = new TimeLimit(none, () -> reached.add("never"));
    limit.within(LIMIT);

    limit.end();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  private TimeLimit limit(String name) {
    TimeLimit limit = new TimeLimit(alarms, () -> reached.add(name));
    limit.within(LIMIT);
    return limit;
  }

  private void pass(long seconds) {
    ticker.advance(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }
}
