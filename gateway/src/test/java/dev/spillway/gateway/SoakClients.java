package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/**
 * Clients that ask once, sometimes leave, and judge every answer: a whole one, or a clear error.
 *
 * <p>Connections are used again, a few times each, as those of a client's pool are. Any thread may
 * ask; each brings its own dice.
 */
final class SoakClients implements AutoCloseable {
  private static final String SOON = "x-spillway-timeout-ms: 2000";
  private static final int LEAVES_IN_A_HUNDRED = 10;
  private static final int CLOSES_IN_A_HUNDRED = 20;
  private static final int MOST_WORDS = 40;
  private static final int MOST_PADDING = 16 << 10;

  private final TestHub hub;
  private final SoakTally tally;
  private final List<Way> ways = Way.all().toList();
  private final Map<Protocol, Queue<TestClient>> idle = new ConcurrentHashMap<>();

  SoakClients(TestHub hub, SoakTally tally) {
    this.hub = hub;
    this.tally = tally;
  }

  /** One request, from its first byte to what became of it. */
  void ask(RandomGenerator random) throws IOException {
    Way way = ways.get(random.nextInt(ways.size()));
    TestClient client = connection(way.protocol());
    boolean usable = false;
    try {
      usable = ask(client, way, random) && random.nextInt(100) >= CLOSES_IN_A_HUNDRED;
    } finally {
      if (usable) {
        idle(way.protocol()).add(client);
      } else {
        client.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Queue<TestClient> each : idle.values()) {
      for (TestClient client = each.poll(); client != null; client = each.poll()) {
        client.close();
      }
    }
  }

  private TestClient connection(Protocol protocol) throws IOException {
    TestClient used = idle(protocol).poll();
    return used != null ? used : protocol.connect(hub);
  }

  private Queue<TestClient> idle(Protocol protocol) {
    return idle.computeIfAbsent(protocol, _ -> new ConcurrentLinkedQueue<>());
  }

  /** Whether the connection can be used again. */
  private boolean ask(TestClient client, Way way, RandomGenerator random) throws IOException {
    String body = body(way, random);
    client.send(Requests.post(Requests.CHAT, body, Requests.AUTHORIZED, SOON));
    if (random.nextInt(100) < LEAVES_IN_A_HUNDRED) {
      tally.left();
      client.leave();
      return false;
    }
    return judge(client.receive(), way, body);
  }

  private boolean judge(ReceivedMessage got, Way way, String body) {
    if (got.status() != 200) {
      Told.refused(got, 429, 502, 503, 504);
      tally.refused(got.status());
      return false;
    }
    if (way.streams() && !StreamRead.of(got.body()).errors().isEmpty()) {
      StreamRead stream = StreamRead.of(got.body());
      assertThat(stream.dones()).isZero();
      assertThat(ChatAnswer.to(body).text()).startsWith(stream.text());
      tally.cut();
      return false;
    }
    Told.wholeAnswer(got, body);
    tally.whole();
    return true;
  }

  private static String body(Way way, RandomGenerator random) {
    String words = "Say " + (1 + random.nextInt(MOST_WORDS)) + " words";
    String padding = random.nextInt(4) == 0 ? " " + "x".repeat(random.nextInt(MOST_PADDING)) : "";
    return way.body().replace("Say 9 words", words + padding);
  }
}
