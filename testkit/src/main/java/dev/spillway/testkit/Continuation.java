package dev.spillway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Priority;
import dev.spillway.core.model.TenantId;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.ContinuationMemory;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.SseScanner;
import org.jspecify.annotations.Nullable;

/**
 * What a dialect makes of a body to have an answer continued, of which two chunks were shown.
 *
 * @param operation what the body asks for
 */
public record Continuation(Dialect dialect, Operation operation) {
  /** What was shown, as it stands in JSON. */
  public static final String SHOWN = "It\\u0027s \\\"só";

  /** The message that holds it. */
  public static final String MESSAGE = "{\"role\":\"assistant\",\"content\":\"" + SHOWN + "\"}";

  private static final int MEMORY = 1 << 20;
  private static final TenantId TENANT = new TenantId("team-a");

  /** Of chat. */
  public Continuation(Dialect dialect) {
    this(dialect, Operation.CHAT_COMPLETIONS);
  }

  /** The body that is sent; nothing may stand in the way. */
  public String sent(String body) {
    BodyEdit edit = edit(body);
    assertThat(told(body, edit)).as(body).isNull();
    String sent = ByteSlice.of(edit.build().apply(ByteSlice.of(body))).toString();
    scanned(sent);
    return sent;
  }

  /** What stands in the way; null if nothing does. */
  public @Nullable Obstacle obstacle(String body) {
    return told(body, edit(body));
  }

  private @Nullable Obstacle told(String body, BodyEdit edit) {
    ScannedRequest request = scanned(body);
    UpstreamTarget target = new UpstreamTarget("", Translation.MODEL, null, EngineOrder.ARRIVAL);
    Sender sender = new Sender(Translation.SALT, Priority.NORMAL);
    return dialect.continueAnswer(request, target, sender, shown(request), edit);
  }

  private Shown shown(ScannedRequest request) {
    Shown shown = new Shown(request, "id", new ContinuationMemory(MEMORY).share(TENANT));
    boolean chat = operation == Operation.CHAT_COMPLETIONS;
    SseScanner.Data data = chat ? SseScanner.Data.CHAT : SseScanner.Data.COMPLETIONS;
    SseScanner scanner = new SseScanner(4096, data);
    int half = SHOWN.indexOf(' ');
    for (String piece : new String[] {SHOWN.substring(0, half), SHOWN.substring(half)}) {
      String text =
          chat ? "\"delta\":{\"content\":\"" + piece + "\"}" : "\"text\":\"" + piece + "\"";
      byte[] event = ("data: {\"choices\":[{" + text + "}]}\n\n").getBytes(UTF_8);
      scanner.feed(event, 0, event.length, shown::add);
    }
    return shown;
  }

  private BodyEdit edit(String body) {
    return new BodyEdit(scanned(body), ByteSlice.of(body));
  }

  private ScannedRequest scanned(String body) {
    RequestScan scan = RequestScan.of(operation, null, ByteSlice.of(body));
    assertThat(scan).as(body).isInstanceOf(RequestScan.Accepted.class);
    return ((RequestScan.Accepted) scan).request();
  }
}
