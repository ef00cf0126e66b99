package dev.spillway.app.hub;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * What the operating system asks of a process.
 *
 * <p>By {@code sun.misc.Signal}, which every JDK has and no API names, hence the reflection. A
 * shutdown hook would not do: while hooks run, the JDK takes down its log.
 */
public final class Signals {
  private Signals() {}

  /** Runs an action, on a thread of the JVM, at each signal of this name, such as {@code HUP}. */
  public static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler run =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.run();
              return null;
            }
            return method.invoke(action, arguments);
          };
      Object handling =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no signal " + name + " on this system", e);
    }
  }
}
