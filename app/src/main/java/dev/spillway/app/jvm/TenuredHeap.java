package dev.spillway.app.jvm;

import com.sun.management.OperatingSystemMXBean;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.Optional;

/**
 * The part of the heap for what lives long, under the serial collector, which a JVM chooses where
 * it has one core or little memory.
 *
 * <p>Why: that collector lets it grow to the whole of the heap, a quarter of the machine, before it
 * looks there at all. What a stream needs lives for seconds, which is long enough to get there: of
 * 4,000 streams 40 MB stay behind, although all that is in use is 30. So it is collected in a calm
 * second where there is something to be had, and under load when there is likely more garbage than
 * use; that takes as long as other collections under load. Other collectors begin in time by
 * themselves.
 */
public final class TenuredHeap {
  private static final System.Logger LOG = System.getLogger(TenuredHeap.class.getName());

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** Under load there is a pause no more often, whatever callers do. */
  private static final Duration LEAST_BETWEEN_PAUSES = Duration.ofSeconds(5);

  /** So little of a second at work: hardly anybody is there who would wait for a pause. */
  private static final double CALM = 0.02;

  /** Less garbage than this is not worth a pause where nobody waits for it. */
  private static final long WORTH_A_CALM_PAUSE_BYTES = 16L << 20;

  /** Nor less than this where somebody does. */
  private static final long WORTH_A_PAUSE_BYTES = 64L << 20;

  private TenuredHeap() {}

  /** Looks after it from now on, if this JVM has it. */
  public static void keepSmall() {
    Thread.ofVirtual()
        .name("tenured-heap")
        .start(() -> {
          try {
            Optional<MemoryPoolMXBean> pool = pool();
            long paused = System.nanoTime();
            while (pool.isPresent()) {
              long before = cpuNanos();
              Thread.sleep(LOOK_EVERY);
              boolean calm = cpuNanos() - before < CALM * LOOK_EVERY.toNanos();
              boolean mayPause = System.nanoTime() - paused >= LEAST_BETWEEN_PAUSES.toNanos();
              if ((calm || mayPause) && look(pool.get(), calm)) {
                paused = System.nanoTime();
              }
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  static Optional<MemoryPoolMXBean> pool() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Tenured Gen"))
        .findFirst();
  }

  /**
   * Collects it if that is worth a pause.
   *
   * @param calm whether hardly anybody would wait for it
   * @return whether there was one
   */
  static boolean look(MemoryPoolMXBean pool, boolean calm) {
    long used = pool.getUsage().getUsed();
    boolean worth = isWorthCollecting(used, pool.getCollectionUsage().getUsed(), calm);
    if (worth) {
      System.gc();
      LOG.log(
          Level.DEBUG,
          "collected long-lived memory: {0} bytes in use, {1} before",
          pool.getUsage().getUsed(),
          used);
    }
    return worth;
  }

  /**
   * Whether there is enough garbage, and under load likely more of it than use.
   *
   * @param live bytes that were in use after the last collection; 0 if there was none
   */
  static boolean isWorthCollecting(long used, long live, boolean calm) {
    return used - live >= (calm ? WORTH_A_CALM_PAUSE_BYTES : Math.max(WORTH_A_PAUSE_BYTES, live));
  }

  /** Processor time of this program so far. */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
