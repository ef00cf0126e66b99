package dev.spillway.app.jvm;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What Java has no word for: by how much a thread of Linux lets others go first. */
final class Niceness {
  private static final int PRIO_PROCESS = 0;

  /** {@code int setpriority(int which, id_t who, int prio)}, see setpriority(2). */
  @SuppressWarnings("restricted") // the launcher enables native access
  private static final MethodHandle SET_PRIORITY =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));

  private Niceness() {}

  /**
   * Sets that of a thread of this process.
   *
   * @param thread by the kernel's number
   * @param nice from 0, as all begin, to 19; anybody may raise it
   * @throws IOException if the kernel refuses it
   */
  static void set(int thread, int nice) throws IOException {
    if (call(thread, nice) != 0) {
      throw new IOException("setpriority refused " + nice + " for thread " + thread);
    }
  }

  private static int call(int thread, int nice) {
    try {
      return (int) SET_PRIORITY.invokeExact(PRIO_PROCESS, thread, nice);
    } catch (Throwable e) {
      throw new AssertionError("setpriority throws nothing", e);
    }
  }
}
