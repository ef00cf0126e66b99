package dev.spillway.gateway;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What a scripted provider does when a request has come. */
@FunctionalInterface
interface Script {
  /** Sends nothing. */
  Script NOTHING = _ -> {};

  /** Plays it; the connection stays open afterwards unless it was closed. */
  void play(ProviderConnection connection) throws IOException, InterruptedException;

  /** Sends bytes and waits for the next request. */
  static Script send(String bytes) {
    return connection -> connection.send(bytes);
  }

  /** Sends an answer with a length. */
  static Script answer(int status, String body) {
    return send(Answers.head(status, "Content-Length: " + body.length()) + body);
  }

  /** Sends one of another type, with status 200. */
  static Script answer(String type, String body) {
    return send(
        "HTTP/1.1 200 OK\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /** Sends events as chunks, and the last chunk. */
  static Script stream(String... events) {
    return send(Answers.streamHead() + Answers.chunks(events) + Answers.LAST_CHUNK);
  }

  /** Then waits until this is counted down. */
  default Script thenAwait(CountDownLatch goOn) {
    return connection -> {
      play(connection);
      goOn.await();
    };
  }

  /** Then waits until the hub leaves, and counts this down. */
  default Script untilLeft(CountDownLatch left) {
    return connection -> {
      play(connection);
      connection.awaitLeaving();
      left.countDown();
    };
  }

  /** Then sends more. */
  default Script andThen(String bytes) {
    return connection -> {
      play(connection);
      connection.send(bytes);
    };
  }

  /** Then closes in good manner. */
  default Script thenClose() {
    return connection -> {
      play(connection);
      connection.close();
    };
  }

  /** Then breaks the connection off with a reset. */
  default Script thenReset() {
    return connection -> {
      play(connection);
      connection.reset();
    };
  }
}
