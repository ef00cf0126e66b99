package dev.spillway.gateway;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.OVERLOADED;
import static dev.spillway.core.retry.AttemptFailure.Kind.RATE_LIMITED;
import static dev.spillway.core.retry.AttemptFailure.Kind.REFUSED_BY_FILTER;
import static dev.spillway.core.retry.AttemptFailure.Kind.SERVER_ERROR;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;
import static dev.spillway.core.retry.AttemptFailure.Kind.UNREACHABLE;
import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.SECOND;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.head;
import static dev.spillway.gateway.Answers.streamHead;

import dev.spillway.core.retry.AttemptFailure.Kind;
import java.util.List;

/** What a provider does that gives no whole answer, and what the hub makes of it. */
record Broken(String what, Script script, Kind kind) {
  private static final String SERVER_BROKE =
      "{\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}";

  private static final String LIMIT_REACHED =
      "{\"error\":{\"message\":\"slowly\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";

  private static final String WRONG =
      "{\"error\":{\"message\":\"no\",\"type\":\"BadRequestError\",\"code\":400}}";

  private static final String FILTERED =
      "{\"error\":{\"message\":\"no\",\"type\":null,\"code\":\"content_filter\"}}";

  private static final String FLAT = "{\"object\":\"error\",\"message\":\"loading\",\"code\":503}";

  static List<Broken> answersThatAreNone() {
    String truncated = WHOLE.substring(0, WHOLE.length() / 2);
    return List.of(
        new Broken("resets before the head", Script.send("").thenReset(), UNREACHABLE),
        new Broken("closes before the head", Script.send("").thenClose(), UNREACHABLE),
        new Broken(
            "closes in the head", Script.send("HTTP/1.1 200 OK\r\nA").thenClose(), BAD_ANSWER),
        new Broken("500", Script.answer(500, SERVER_BROKE), SERVER_ERROR),
        new Broken("429", full(), RATE_LIMITED),
        new Broken("HTML with 200", Script.answer(200, "<html>down</html>"), BAD_ANSWER),
        new Broken("nothing with 200", Script.answer(200, ""), BAD_ANSWER),
        new Broken("half of the JSON", Script.answer(200, truncated), BAD_ANSWER),
        new Broken("an error with 200", Script.answer(200, SERVER_BROKE), SERVER_ERROR),
        new Broken("429 with 200", Script.answer(200, LIMIT_REACHED), RATE_LIMITED),
        new Broken("a flat error", Script.answer(200, FLAT), OVERLOADED),
        new Broken("cut by its length", cut(truncated), STREAM_BROKEN),
        new Broken("both lengths", bothLengths(), BAD_ANSWER),
        new Broken("a bad chunk size", Script.send(streamHead() + "zz\r\n"), BAD_ANSWER),
        new Broken("no HTTP", Script.send("hello there\r\n\r\n"), BAD_ANSWER));
  }

  static List<Broken> streamsThatNeverBegin() {
    return List.of(
        new Broken("ends before content", Script.stream(), STREAM_BROKEN),
        new Broken("only [DONE]", Script.stream(DONE), STREAM_BROKEN),
        new Broken("an error first", Script.stream("data: {\"error\":{}}\n\n"), SERVER_ERROR),
        new Broken("no JSON", Script.stream("data: {\"choices\":[\n\n"), BAD_ANSWER),
        new Broken("HTML", Script.answer(200, "<html>down</html>"), BAD_ANSWER),
        new Broken("nothing with 200", Script.answer(200, ""), BAD_ANSWER),
        new Broken("half of a JSON", Script.answer(200, WHOLE.substring(9)), BAD_ANSWER),
        new Broken("an error with 200", Script.answer(200, SERVER_BROKE), SERVER_ERROR),
        new Broken("429 with 200", Script.answer(200, LIMIT_REACHED), RATE_LIMITED),
        new Broken("429 as an event", Script.stream(event(LIMIT_REACHED)), RATE_LIMITED),
        new Broken("resets before content", Script.send(streamHead()).thenReset(), STREAM_BROKEN));
  }

  static List<Broken> streamsThatBreakOff() {
    String begun = streamHead() + chunks(FIRST);
    return List.of(
        new Broken("FIN", Script.send(begun).thenClose(), STREAM_BROKEN),
        new Broken(
            "FIN inside an event", Script.send(begun + "9\r\ndata: ").thenClose(), STREAM_BROKEN),
        new Broken("ends without finish_reason", Script.stream(FIRST, SECOND), STREAM_BROKEN),
        new Broken("[DONE] without it", Script.stream(FIRST, SECOND, DONE), STREAM_BROKEN),
        new Broken("an error", Script.stream(FIRST, "data: {\"error\":{}}\n\n"), SERVER_ERROR),
        new Broken("429", Script.stream(FIRST, event(LIMIT_REACHED)), RATE_LIMITED),
        new Broken("400", Script.stream(FIRST, event(WRONG)), SERVER_ERROR),
        new Broken("a filter", Script.stream(FIRST, event(FILTERED)), REFUSED_BY_FILTER),
        new Broken("no JSON", Script.stream(FIRST, "data: {{\n\n"), BAD_ANSWER),
        new Broken("a bad chunk size", Script.send(begun + "zz\r\n"), BAD_ANSWER));
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  static Script full() {
    String body = "{\"error\":{\"code\":\"429\",\"message\":\"full\"}}";
    String length = "Content-Length: " + body.length();
    return Script.send(head(429, "retry-after-ms: 60000", length) + body);
  }

  private static Script cut(String body) {
    return Script.send(head(200, "Content-Length: " + 2 * body.length()) + body).thenClose();
  }

  private static Script bothLengths() {
    return Script.send(
        head(200, "Content-Length: 5", "Transfer-Encoding: chunked") + chunks(WHOLE) + LAST_CHUNK);
  }

  @Override
  public String toString() {
    return what;
  }
}
