package dev.spillway.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserversTest {
  @Test
  void tellsEachInItsOrder() {
    List<String> told = new ArrayList<>();
    Observers observers =
        new Observers(
            List.of(
                request -> told.add("first " + request.requestId()),
                request -> told.add("second " + request.requestId())));

    observers.ended(Records.whole("req-1", Records.HOME));

    assertThat(told).containsExactly("first req-1", "second req-1");
  }
}
