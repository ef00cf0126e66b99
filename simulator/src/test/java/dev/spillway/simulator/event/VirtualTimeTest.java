package dev.spillway.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> log = new ArrayList<>();

  @Test
  void runsEventsInOrderOfTimeAndThenOfScheduling() {
    time.at(20, () -> log("late"));
    time.at(10, () -> log("first"));
    time.at(10, () -> log("second"));

    time.run();

    assertThat(log).containsExactly("10 first", "10 second", "20 late");
  }

  @Test
  void runsWhatAnEventSchedulesEvenAtItsOwnInstant() {
    time.at(
        5,
        () -> {
          time.in(0, () -> log("now"));
          time.at(1, () -> log("overdue"));
        });
    time.at(6, () -> log("next"));

    time.run();

    assertThat(log).containsExactly("5 now", "5 overdue", "6 next");
  }

  @Test
  void leavesOutWhatWasCalledOff() {
    VirtualTime.Event event = time.at(1, () -> log("never"));

    event.cancel();
    time.run();

    assertThat(log).isEmpty();
  }

  private void log(String what) {
    log.add(time.nowNanos() + " " + what);
  }
}
