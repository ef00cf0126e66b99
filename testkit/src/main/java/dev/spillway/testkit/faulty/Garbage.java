package dev.spillway.testkit.faulty;

import static dev.spillway.testkit.json.JsonTree.quote;

import dev.spillway.testkit.faulty.ChatAnswer.Event;
import dev.spillway.testkit.faulty.ChatAnswer.Kind;
import java.util.ArrayList;
import java.util.List;

/** Providers that send what is no answer, or leave out what belongs to one. */
public final class Garbage {
  /** In all that is garbage, so that a test can see whether it got through to a client. */
  public static final String MARK = "not-for-clients";

  private Garbage() {}

  /** In place of the event after so many: JSON that breaks off. */
  public static Fault malformed(int events) {
    return instead("a malformed event", events, "data: {\"choices\":[{\"" + MARK + "\":\n\n");
  }

  /** In place of the event after so many: one of this size. */
  public static Fault oversized(int events, int bytes) {
    String content = MARK + "x".repeat(bytes);
    String event =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]}";
    return instead("an event of " + bytes + " bytes", events, event + "\n\n");
  }

  /** In place of the event after so many: one of another API. */
  public static Fault foreign(int events) {
    return instead(
        "a foreign event",
        events,
        "event: response.output_text.delta\n"
            + "data: {\"type\":\"response.output_text.delta\",\"delta\":"
            + quote(MARK)
            + "}\n\n");
  }

  /** In place of the event after so many: an error object; what follows is well again. */
  public static Fault error(int events) {
    return error(events, "server_error");
  }

  /** The same with this code. */
  public static Fault error(int events, String code) {
    return instead(
        "an error inside the stream: " + code, events, "data: " + Refusals.error(code) + "\n\n");
  }

  /** In place of the event after so many: an error that is no member of anything. */
  public static Fault flatError(int events, String json) {
    return instead("a flat error inside the stream: " + json, events, "data: " + json + "\n\n");
  }

  /** HTML with status 200. */
  public static Fault html() {
    String page = "<html><body>" + MARK + "</body></html>";
    return new Fault(
        "HTML with 200", turn -> turn.sendAnswer(200, page, "Content-Type: text/html"));
  }

  /** Nothing with status 200. */
  public static Fault empty() {
    return new Fault("nothing with 200", turn -> turn.sendJson(""));
  }

  /** An error object with status 200. */
  public static Fault errorWith200() {
    return errorWith200("server_error");
  }

  /** The same with this code, and these headers. */
  public static Fault errorWith200(String code, String... headers) {
    return new Fault(
        "an error with 200: " + code,
        turn -> {
          List<String> head = new ArrayList<>(List.of(headers));
          head.add("Content-Type: application/json");
          turn.sendAnswer(200, Refusals.error(code), head.toArray(String[]::new));
        });
  }

  /** An error object where events were announced, and none of them. */
  public static Fault errorInPlaceOfEvents() {
    return new Fault(
        "an error in place of events",
        turn -> {
          turn.sendStreamHead();
          turn.sendChunk("\r\n" + Refusals.error("server_error") + "\n");
          turn.sendLastChunk();
        });
  }

  /** A word of a proxy with status 200. */
  public static Fault plainText() {
    return new Fault(
        "text with 200",
        turn -> turn.sendAnswer(200, "no healthy upstream " + MARK, "Content-Type: text/plain"));
  }

  /** The well answer all at once, whatever was asked for. */
  public static Fault atOnce() {
    return new Fault("the answer at once", turn -> turn.sendJson(turn.wellAnswer().json()));
  }

  /** All but {@code [DONE]}. */
  public static Fault withoutDone() {
    return without(Kind.DONE);
  }

  /** All but the usage. */
  public static Fault withoutUsage() {
    return without(Kind.USAGE);
  }

  private static Fault without(Kind kind) {
    return new Fault(
        "no " + kind,
        turn -> {
          turn.sendStreamHead();
          for (Event each : turn.wellAnswer().events()) {
            if (each.kind() != kind) {
              turn.sendChunk(each.text());
            }
          }
          turn.sendLastChunk();
        });
  }

  private static Fault instead(String what, int events, String garbage) {
    return new Fault(
        what + " after " + events,
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          turn.sendChunk(garbage);
          turn.sendEvents(events + 1, Integer.MAX_VALUE);
          turn.sendLastChunk();
        });
  }
}
