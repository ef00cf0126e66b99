package dev.spillway.app.netns;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that ask for short answers, one after the other, until they are told to stop; with a
 * short pause, or they would take all of a machine on which others are to be measured.
 */
final class Load {
  private static final long PAUSE_NANOS = 50_000_000;

  private final ConcurrentLinkedQueue<Asking.Said> said = new ConcurrentLinkedQueue<>();
  private final CountDownLatch ended;
  private final Supplier<String> account;
  private final AtomicBoolean failed = new AtomicBoolean();
  private volatile String atFirstFailure = "";
  private volatile boolean stopped;

  private Load(int clients, Supplier<String> account) {
    ended = new CountDownLatch(clients);
    this.account = account;
  }

  /** Starts so many for each model. */
  static Load start(Asking client, List<String> models, int each) {
    return start(client, models, each, () -> "");
  }

  /**
   * The same; what fails is over before anybody can look at it.
   *
   * @param account says how all is; asked once, as soon as an answer is not what was asked for
   */
  static Load start(Asking client, List<String> models, int each, Supplier<String> account) {
    Load load = new Load(models.size() * each, account);
    for (String model : models) {
      for (int i = 0; i < each; i++) {
        Thread.ofVirtual().name("load").start(() -> load.ask(client, model));
      }
    }
    return load;
  }

  void stop() throws InterruptedException {
    stopped = true;
    ended.await();
  }

  /** All answers so far. */
  List<Asking.Said> said() {
    return List.copyOf(said);
  }

  /** Those that were not what was asked for. */
  List<Asking.Said> failed() {
    return said.stream().filter(each -> !each.whole()).toList();
  }

  /** The account that was given when the first of them failed; empty if none did. */
  String atFirstFailure() {
    return atFirstFailure;
  }

  /** How long the slowest of a share of them took, nanoseconds. */
  long nanos(double share) {
    long[] sorted = said.stream().mapToLong(Asking.Said::nanos).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }

  private void ask(Asking client, String model) {
    try {
      while (!stopped) {
        Asking.Said answer = client.whole(model, "say 5 words");
        said.add(answer);
        if (!answer.whole() && failed.compareAndSet(false, true)) {
          atFirstFailure = account.get();
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } finally {
      ended.countDown();
    }
  }
}
