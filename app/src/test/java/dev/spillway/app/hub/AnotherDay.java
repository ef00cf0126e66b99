package dev.spillway.app.hub;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Between a live gateway and its dispatcher: every request comes at the same second of the
 * calendar, and from then on time passes as it does. A journey lives twice, as the gateway made it
 * and with that day, for the dispatcher; nobody may wait for room.
 */
final class AnotherDay implements InvocationHandler {
  private final Dispatcher dispatcher;
  private final long arrivedEpochSecond;
  private final Map<Journey, Journey> own = new ConcurrentHashMap<>();

  private AnotherDay(Dispatcher dispatcher, long arrivedEpochSecond) {
    this.dispatcher = dispatcher;
    this.arrivedEpochSecond = arrivedEpochSecond;
  }

  /** The dispatcher for which every request comes at this second since 1970. */
  static Dispatcher at(long epochSecond, Dispatcher dispatcher) {
    Class<Dispatcher> type = Dispatcher.class;
    var day = new AnotherDay(dispatcher, epochSecond);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, day));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] given = arguments == null ? new Object[0] : arguments;
    try {
      return method.invoke(dispatcher, Arrays.stream(given).map(this::thatDay).toArray());
    } catch (InvocationTargetException e) {
      throw requireNonNull(e.getCause());
    }
  }

  private Object thatDay(Object argument) {
    return argument instanceof Journey journey
        ? own.computeIfAbsent(journey, this::thatDaysOwn)
        : argument;
  }

  private Journey thatDaysOwn(Journey journey) {
    return new Journey(
        journey.ask(),
        journey.tenant(),
        journey.objective(),
        journey.shape(),
        journey.arrivedNanos(),
        arrivedEpochSecond,
        journey.deadline(),
        null);
  }
}
