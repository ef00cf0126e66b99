package dev.spillway.gateway.telemetry;

import dev.spillway.wire.error.ErrorKind;
import java.util.List;

/** Tells several observers of each request, in their order. */
public final class Observers implements RequestObserver {
  private final List<RequestObserver> each;

  /** These, in this order. */
  public Observers(List<RequestObserver> each) {
    this.each = List.copyOf(each);
  }

  @Override
  public void ended(RequestRecord request) {
    for (RequestObserver observer : each) {
      observer.ended(request);
    }
  }

  @Override
  public void turnedAway(ErrorKind why) {
    for (RequestObserver observer : each) {
      observer.turnedAway(why);
    }
  }

  @Override
  public long dropped() {
    return each.stream().mapToLong(RequestObserver::dropped).sum();
  }
}
