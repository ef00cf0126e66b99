package dev.spillway.app.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of the hub. */
final class Asking implements AutoCloseable {
  static final String KEY = "sk-test";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String DATA = "data: ";
  private static final String CONTENT = "\"content\":\"";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI chat;

  Asking(String hub) {
    this.chat = URI.create("http://" + hub + "/v1/chat/completions");
  }

  /**
   * What came back.
   *
   * @param status 0 if nothing came
   * @param text content, as it stands in JSON
   * @param whole whether the end was there
   * @param nanos from the request to the end
   * @param site who served it, by the hub's words
   * @param body all of it, unless it was a stream
   */
  record Said(int status, String text, boolean whole, long nanos, String site, String body) {}

  /** An answer under way. */
  static final class Stream {
    private final FutureTask<Said> result;
    private final AtomicInteger events = new AtomicInteger();
    private final List<Long> delaysNanos = new ArrayList<>();

    private Stream(Asking from, String model, String words) {
      Callable<Said> work = () -> from.stream(model, words, this);
      result = new FutureTask<>(work);
      Thread.ofVirtual().name("client").start(result);
    }

    /** Events with content so far. */
    int events() {
      return events.get();
    }

    /** Its end. */
    Said said() {
      try {
        return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("no end of an answer", e);
      }
    }

    boolean isOver() {
      return result.isDone();
    }

    /** Of each stamped event, from engine to here; once it is over. */
    List<Long> delaysNanos() {
      said();
      return delaysNanos;
    }
  }

  /** Asks for a stream. */
  Stream stream(String model, String words) {
    return new Stream(this, model, words);
  }

  /** Asks for a whole answer. */
  Said whole(String model, String words) {
    long begin = System.nanoTime();
    try {
      HttpResponse<String> answer =
          http.send(request(model, words, false), BodyHandlers.ofString(UTF_8));
      String body = answer.body();
      return new Said(
          answer.statusCode(),
          content(body),
          answer.statusCode() == 200 && !content(body).isEmpty(),
          System.nanoTime() - begin,
          answer.headers().firstValue("x-spillway-site").orElse(""),
          body);
    } catch (IOException e) {
      return new Said(0, "", false, System.nanoTime() - begin, "", e.toString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private Said stream(String model, String words, Stream into) throws InterruptedException {
    long begin = System.nanoTime();
    StringBuilder text = new StringBuilder();
    StringBuilder other = new StringBuilder();
    boolean whole = false;
    try {
      HttpResponse<java.io.InputStream> answer =
          http.send(request(model, words, true), BodyHandlers.ofInputStream());
      String site = answer.headers().firstValue("x-spillway-site").orElse("");
      try (BufferedReader in = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          whole |= line.equals("data: [DONE]");
          String content = line.startsWith(DATA) ? content(line) : "";
          if (!content.isEmpty()) {
            into.events.incrementAndGet();
            text.append(content);
            stamped(content, into);
          } else {
            other.append(line).append('\n');
          }
        }
      }
      long nanos = System.nanoTime() - begin;
      return new Said(answer.statusCode(), text.toString(), whole, nanos, site, other.toString());
    } catch (IOException e) {
      return new Said(
          0, text.toString(), false, System.nanoTime() - begin, "", other.toString() + e);
    }
  }

  private static void stamped(String content, Stream into) {
    if (content.startsWith(EngineProgram.STAMP)) {
      long sent = Long.parseLong(content.substring(EngineProgram.STAMP.length()).strip());
      into.delaysNanos.add(System.nanoTime() - sent);
    }
  }

  private HttpRequest request(String model, String words, boolean stream) {
    String json =
        """
        {"model":"%s","stream":%s,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, stream, words);
    return HttpRequest.newBuilder(chat)
        .header("authorization", "Bearer " + KEY)
        .header("content-type", "application/json")
        .timeout(PATIENCE)
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  /** The first content in it, as it stands there; no engine here writes another. */
  private static String content(String json) {
    int at = json.indexOf(CONTENT);
    if (at < 0) {
      return "";
    }
    int begin = at + CONTENT.length();
    int end = begin;
    while (json.charAt(end) != '"') {
      end += json.charAt(end) == '\\' ? 2 : 1;
    }
    return json.substring(begin, end);
  }
}
