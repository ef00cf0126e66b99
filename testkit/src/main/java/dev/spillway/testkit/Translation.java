package dev.spillway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Priority;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;

/**
 * What a dialect makes of a body.
 *
 * @param order of the engine it is for
 * @param priority of the tenant it is from
 */
public record Translation(Dialect dialect, EngineOrder order, Priority priority) {
  /** The provider's name of the model. */
  public static final String MODEL = "up/stream model";

  /** The tenant's salt. */
  public static final String SALT = "salt-of-tenant";

  /** The body that is sent for a client's {@code body}. */
  public String of(String body) {
    return of(Operation.CHAT_COMPLETIONS, body);
  }

  /** The same, of another API than chat. */
  public String of(Operation operation, String body) {
    ByteSlice bytes = ByteSlice.of(body);
    ScannedRequest request = scanned(operation, body);
    BodyEdit edit = new BodyEdit(request, bytes);
    UpstreamTarget target = new UpstreamTarget("", MODEL, null, order);
    dialect.translate(request, target, new Sender(SALT, priority), edit);
    return ByteSlice.of(edit.build().apply(bytes)).toString();
  }

  /** The scan of a body that must be well-formed. */
  public static ScannedRequest scanned(String body) {
    return scanned(Operation.CHAT_COMPLETIONS, body);
  }

  private static ScannedRequest scanned(Operation operation, String body) {
    RequestScan scan = RequestScan.of(operation, null, ByteSlice.of(body));
    assertThat(scan).as(body).isInstanceOf(RequestScan.Accepted.class);
    return ((RequestScan.Accepted) scan).request();
  }
}
