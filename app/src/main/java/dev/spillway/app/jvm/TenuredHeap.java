package dev.spillway.app.jvm;

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
 * 4,000 streams 40 MB stay behind, although all that is in use is 30. So it is collected when there
 * is likely more garbage than use; that takes as long as other collections under load. Other
 * collectors begin in time by themselves.
 */
public final class TenuredHeap {
  private static final System.Logger LOG = System.getLogger(TenuredHeap.class.getName());

  /** So often there may be a pause, whatever callers do. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** Less garbage than this is not worth a pause. */
  private static final long WORTH_A_PAUSE_BYTES = 64L << 20;

  private TenuredHeap() {}

  /** Looks after it from now on, if this JVM has it. */
  public static void keepSmall() {
    Thread.ofVirtual()
        .name("tenured-heap")
        .start(() -> {
          try {
            Optional<MemoryPoolMXBean> pool = pool();
            while (pool.isPresent()) {
              look(pool.get());
              Thread.sleep(LOOK_EVERY);
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

  static void look(MemoryPoolMXBean pool) {
    long used = pool.getUsage().getUsed();
    if (isWorthCollecting(used, pool.getCollectionUsage().getUsed())) {
      System.gc();
      LOG.log(
          Level.DEBUG,
          "collected long-lived memory: {0} bytes in use, {1} before",
          pool.getUsage().getUsed(),
          used);
    }
  }

  /**
   * Whether there is likely more garbage than use, and enough of it.
   *
   * @param live bytes that were in use after the last collection; 0 if there was none
   */
  static boolean isWorthCollecting(long used, long live) {
    return used - live >= Math.max(WORTH_A_PAUSE_BYTES, live);
  }
}
