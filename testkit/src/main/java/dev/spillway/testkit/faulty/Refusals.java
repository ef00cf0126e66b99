package dev.spillway.testkit.faulty;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Providers that say no. */
public final class Refusals {
  /** In messages of errors, so that a test can see whether it got through to a client. */
  public static final String SECRET = "the-providers-own-text";

  /** What Azure says when its content filter refuses. */
  public static final String FILTERED =
      """
      {"error":{"message":"The response was filtered","type":null,"param":"prompt",\
      "code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation",\
      "content_filter_result":{"violence":{"filtered":true,"severity":"mittel – höher"}}}}}\
      """;

  private Refusals() {}

  /** Another status than 200, with an error object. */
  public static Fault status(int status, String code, String... headers) {
    return answers(status, error(code), headers);
  }

  /** Another status than 200, with any body. */
  public static Fault answers(int status, String body, String... headers) {
    String what = (status + " " + String.join(" ", headers)).strip();
    return new Fault(what, turn -> turn.sendAnswer(status, body, headers));
  }

  /** 429 without a word on when to come back. */
  public static Fault full() {
    return status(429, "rate_limit_exceeded");
  }

  /** 429 with {@code retry-after-ms}. */
  public static Fault fullForMillis(long millis) {
    return status(429, "rate_limit_exceeded", "retry-after-ms: " + millis);
  }

  /** 429 with {@code Retry-After} in seconds. */
  public static Fault fullForSeconds(int seconds) {
    return status(429, "rate_limit_exceeded", "Retry-After: " + seconds);
  }

  /** 429 with {@code Retry-After} as a date, which is in whole seconds, this much from now. */
  public static Fault fullUntil(Duration fromNow) {
    return new Fault(
        "429 until a date",
        turn -> {
          ZonedDateTime until = ZonedDateTime.now(ZoneOffset.UTC).plus(fromNow);
          String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(until);
          turn.sendAnswer(429, error("rate_limit_exceeded"), "Retry-After: " + date);
        });
  }

  /** 500. */
  public static Fault broken() {
    return status(500, "server_error");
  }

  /** 503 without a word on when to come back. */
  public static Fault overloaded() {
    return status(503, "overloaded");
  }

  /** 400: the input is too long for this deployment. */
  public static Fault contextTooLong() {
    return status(400, "context_length_exceeded");
  }

  /** 400: the content filter refused, as Azure says it. */
  public static Fault filtered() {
    return answers(400, FILTERED);
  }

  /** Another status than 200, and an error of which the rest never comes; it stays open. */
  public static Fault withoutEnd(int status, String code, String... headers) {
    return new Fault(
        status + " without an end",
        turn -> {
          turn.send(longerHead(status, error(code), headers));
          turn.hold();
        });
  }

  /** Another status than 200, and an error that is shorter than its head says. */
  public static Fault cut(int status, String code, Cuts.Way way, String... headers) {
    return new Fault(
        status + ", and then " + way,
        turn -> {
          turn.send(longerHead(status, error(code), headers));
          way.end(turn);
        });
  }

  private static String longerHead(int status, String body, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Any\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    int longer = body.length() + 20;
    return head.append("Content-Length: " + longer + "\r\n\r\n").append(body).toString();
  }

  /** An error object. */
  public static String error(String code) {
    return "{\"error\":{\"message\":\""
        + SECRET
        + "\",\"type\":\"an_error\",\"param\":null,\"code\":\""
        + code
        + "\"}}";
  }
}
