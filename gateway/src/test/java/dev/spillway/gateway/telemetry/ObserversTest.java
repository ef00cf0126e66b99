package dev.spillway.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.error.ErrorKind;
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

  @Test
  void tellsEachWhoWasTurnedAway() {
    List<ErrorKind> told = new ArrayList<>();
    RequestObserver observer =
        new RequestObserver() {
          @Override
          public void ended(RequestRecord request) {
            throw new AssertionError("nobody was let in");
          }

          @Override
          public void turnedAway(ErrorKind why) {
            told.add(why);
          }
        };

    new Observers(List.of(observer, observer)).turnedAway(ErrorKind.WRONG_KEY);

    assertThat(told).containsExactly(ErrorKind.WRONG_KEY, ErrorKind.WRONG_KEY);
  }
}
