package dev.spillway.gateway;

import dev.spillway.core.dispatch.Dispatcher;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** A dispatcher with a bug: what it is told it does, and then it throws. */
final class FailingDispatcher {
  private FailingDispatcher() {}

  /** Whatever method of this name the hub calls next throws, once. */
  static void in(TestHub hub, String method) {
    hub.inForce()
        .updateAndGet(was ->
            new Snapshot(
                was.version(),
                was.madeEpochSecond(),
                was.topology(),
                failing(was.dispatcher(), method),
                was.upstreams(),
                was.keys(),
                was.aliases(),
                was.models(),
                was.objectives(),
                was.streamedForWhole(),
                was.offers(),
                was.kept(),
                was.sealer()));
  }

  private static Dispatcher failing(Dispatcher sound, String method) {
    AtomicBoolean failed = new AtomicBoolean();
    return (Dispatcher)
        Proxy.newProxyInstance(
            Dispatcher.class.getClassLoader(),
            new Class<?>[] {Dispatcher.class},
            (_, called, arguments) -> {
              Object result = result(sound, called, arguments);
              if (called.getName().equals(method) && failed.compareAndSet(false, true)) {
                throw new IllegalStateException("what a client said");
              }
              return result;
            });
  }

  private static Object result(Dispatcher of, Method called, Object[] arguments) throws Throwable {
    try {
      return called.invoke(of, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
