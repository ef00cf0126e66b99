package dev.spillway.app.netns;

import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * An engine whose answer follows from the question, so that two of them say the same, at thirty
 * events a second to those who stream. One who says "stamp" is told by each event when it was sent;
 * one who says "flood" is sent as much as it takes.
 */
final class EngineProgram {
  static final int PORT = 8_000;
  static final int EVENTS_A_SECOND = 30;

  /** The clock is the machine's, so that another process can take the difference. */
  static final String STAMP = "@";

  private static final Duration EVERY = Duration.ofNanos(1_000_000_000L / EVENTS_A_SECOND);
  private static final String PIECE = "flood ".repeat(1_000);

  /** Thousands of connections share one kernel's memory with all else that is looked at. */
  private static final int UNSENT_BYTES = 32 << 10;

  private static final int FLOOD_PIECES = 100_000;

  private EngineProgram() {}

  /** Runs until it is killed; the argument is the address to listen on. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String name = "engine-" + arguments[0];
    try (FaultyProvider engine =
        FaultyProvider.start(name, InetAddress.getByName(arguments[0]), PORT)) {
      engine.willHold(UNSENT_BYTES);
      engine.willForget(() -> new Fault("as asked", EngineProgram::play));
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }

  private static void play(Turn turn) throws IOException, InterruptedException {
    var messages = turn.request().messages();
    String asked = messages.isEmpty() ? "" : messages.getLast().content();
    if (!turn.request().streams()) {
      turn.answer();
    } else if (asked.startsWith("stamp ")) {
      stamp(turn, Integer.parseInt(asked.substring("stamp ".length())));
    } else if (asked.startsWith("flood")) {
      flood(turn);
    } else {
      words(turn);
    }
  }

  private static void words(Turn turn) throws IOException, InterruptedException {
    turn.sendStreamHead();
    List<?> events = turn.wellAnswer().events();
    for (int i = 0; i < events.size(); i++) {
      turn.pause(EVERY);
      turn.sendEvents(i, i + 1);
    }
    turn.sendLastChunk();
  }

  private static void stamp(Turn turn, int events) throws IOException, InterruptedException {
    turn.sendStreamHead();
    long begin = System.nanoTime();
    for (int i = 0; i < events; i++) {
      long wait = begin + i * EVERY.toNanos() - System.nanoTime();
      turn.pause(Duration.ofNanos(Math.max(0, wait)));
      turn.sendChunk(event(STAMP + System.nanoTime() + " "));
    }
    end(turn);
  }

  private static void flood(Turn turn) throws IOException {
    turn.sendStreamHead();
    for (int i = 0; i < FLOOD_PIECES; i++) {
      turn.sendChunk(event(PIECE));
    }
    end(turn);
  }

  private static void end(Turn turn) throws IOException {
    turn.sendChunk(
        """
        data: {"id":"s","object":"chat.completion.chunk","created":1,"model":"m",\
        "choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: [DONE]

        """);
    turn.sendLastChunk();
  }

  private static String event(String content) {
    return """
    data: {"id":"s","object":"chat.completion.chunk","created":1,"model":"m",\
    "choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}

    """
        .formatted(content);
  }
}
