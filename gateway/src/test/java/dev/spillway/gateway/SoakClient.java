package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks one thing after another until its time is over, sometimes leaves, and judges every answer: a
 * whole one, or a clear error.
 */
final class SoakClient implements Callable<@Nullable Void> {
  private static final String SOON = "x-spillway-timeout-ms: 2000";
  private static final int LEAVES_IN_A_HUNDRED = 10;
  private static final int MOST_WORDS = 40;
  private static final int MOST_PADDING = 16 << 10;

  private final TestHub hub;
  private final long endNanos;
  private final Tally tally;
  private final RandomGenerator random;
  private final List<Way> ways = Way.all().toList();

  SoakClient(TestHub hub, int number, long endNanos, Tally tally) {
    this.hub = hub;
    this.endNanos = endNanos;
    this.tally = tally;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(number);
  }

  /** What clients got. */
  static final class Tally {
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    int whole() {
      return whole.get();
    }

    int waitedFor() {
      return whole.get() + cut.get() + refused.get();
    }

    @Override
    public String toString() {
      return whole + " whole, " + cut + " cut, " + refused + " refused, " + left + " left";
    }
  }

  @Override
  public @Nullable Void call() throws IOException {
    while (System.nanoTime() - endNanos < 0) {
      oneConnection();
    }
    return null;
  }

  /** A few requests on one connection, the last of which may be left. */
  private void oneConnection() throws IOException {
    Way way = ways.get(random.nextInt(ways.size()));
    try (TestClient client = way.protocol().connect(hub)) {
      for (int i = random.nextInt(8); i >= 0; i--) {
        String body = body(way);
        client.send(Requests.post(Requests.CHAT, body, Requests.AUTHORIZED, SOON));
        if (random.nextInt(100) < LEAVES_IN_A_HUNDRED) {
          tally.left.incrementAndGet();
          client.leave();
          return;
        }
        if (!judge(client.receive(), way, body)) {
          return;
        }
      }
    }
  }

  /** Whether the connection can be used again. */
  private boolean judge(ReceivedMessage got, Way way, String body) {
    if (got.status() != 200) {
      Told.refused(got, 429, 502, 503, 504);
      tally.refused.incrementAndGet();
      return false;
    }
    if (way.streams() && !StreamRead.of(got.body()).errors().isEmpty()) {
      StreamRead stream = StreamRead.of(got.body());
      assertThat(stream.dones()).isZero();
      assertThat(ChatAnswer.to(body).text()).startsWith(stream.text());
      tally.cut.incrementAndGet();
      return false;
    }
    Told.wholeAnswer(got, body);
    tally.whole.incrementAndGet();
    return true;
  }

  private String body(Way way) {
    String words = "Say " + (1 + random.nextInt(MOST_WORDS)) + " words";
    String padding = random.nextInt(4) == 0 ? " " + "x".repeat(random.nextInt(MOST_PADDING)) : "";
    return way.body().replace("Say 9 words", words + padding);
  }
}
