package dev.spillway.app.jvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/**
 * What Java has no word for: for how long a thread of Linux asks to run at a time. Its share stays
 * the same; one that asks for less is let in the sooner, before the slice of the one that runs is
 * over: {@code sched_runtime} of sched_setattr(2), which the scheduler of Linux 6.12 and newer
 * (EEVDF) takes for the length of a request; older ones ignore it.
 */
final class TimeSlice {
  /** The least that Linux grants. */
  static final Duration SHORTEST = Duration.ofNanos(100_000);

  /** {@code struct sched_attr} in its first version, see sched_setattr(2). */
  private static final int ATTRIBUTES_BYTES = 48;

  private static final int SIZE_AT = 0;
  private static final int POLICY_AT = 4;
  private static final int RUNTIME_AT = 24;

  /** {@code SCHED_OTHER}, under which a thread is unless somebody who knows chose another. */
  private static final int ORDINARY = 0;

  private static final boolean X86 = System.getProperty("os.arch", "").equals("amd64");
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
  private static final long SET_ATTRIBUTES = X86 ? 314 : 274;
  private static final long GET_ATTRIBUTES = X86 ? 315 : 275;

  /**
   * {@code long syscall(long number, ...)}: a C library of before 2025 has no word for these two,
   * {@code sched_setattr(pid, attributes, flags)} and {@code sched_getattr(pid, attributes, size,
   * flags)}.
   */
  @SuppressWarnings("restricted") // the launcher enables native access
  private static final MethodHandle SYSTEM_CALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, ValueLayout.ADDRESS, JAVA_LONG, JAVA_LONG),
              Linker.Option.firstVariadicArg(1));

  private TimeSlice() {}

  /** Whether the calls are known for the processor of this machine. */
  static boolean canBeSet() {
    return X86 || ARM;
  }

  /**
   * Sets that of a thread of this process. One under another policy than the ordinary stays as it
   * is.
   *
   * @param thread by the kernel's number
   * @param slice at least {@link #SHORTEST}
   * @throws IOException if the kernel refuses it
   */
  static void set(int thread, Duration slice) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = of(thread, arena);
      if (attributes.get(JAVA_INT, POLICY_AT) != ORDINARY) {
        return;
      }
      attributes.set(JAVA_LONG, RUNTIME_AT, slice.toNanos());
      if (call(SET_ATTRIBUTES, thread, attributes, 0) != 0) {
        throw new IOException("sched_setattr refused " + slice + " for thread " + thread);
      }
    }
  }

  /**
   * That of a thread of this process; zero if the kernel does not tell, as before Linux 6.12.
   *
   * @throws IOException if the kernel refuses to say
   */
  static Duration get(int thread) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return Duration.ofNanos(of(thread, arena).get(JAVA_LONG, RUNTIME_AT));
    }
  }

  private static MemorySegment of(int thread, Arena arena) throws IOException {
    MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
    if (call(GET_ATTRIBUTES, thread, attributes, ATTRIBUTES_BYTES) != 0) {
      throw new IOException("sched_getattr told nothing of thread " + thread);
    }
    attributes.set(JAVA_INT, SIZE_AT, ATTRIBUTES_BYTES);
    return attributes;
  }

  private static long call(long number, int thread, MemorySegment attributes, long third) {
    try {
      return (long) SYSTEM_CALL.invokeExact(number, (long) thread, attributes, third, 0L);
    } catch (Throwable e) {
      throw new AssertionError("syscall throws nothing", e);
    }
  }
}
