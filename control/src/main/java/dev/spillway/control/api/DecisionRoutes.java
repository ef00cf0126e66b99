package dev.spillway.control.api;

import dev.spillway.control.decisions.DecisionJson;
import dev.spillway.control.decisions.DecisionRecord;
import dev.spillway.control.decisions.DecisionSource;
import dev.spillway.control.decisions.DecisionText;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /api/decisions}: why requests went where they went; a text if text is asked for. */
final class DecisionRoutes implements HttpService {
  private static final int MOST = 1_000;
  private static final int USUAL = 100;

  private final DecisionSource decisions;

  DecisionRoutes(DecisionSource decisions) {
    this.decisions = decisions;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/", this::list).get("/{id}", this::one);
  }

  private void list(ServerRequest request, ServerResponse response) {
    OptionalInt limit = limit(request.query().first("limit").asOptional());
    if (limit.isEmpty()) {
      JsonAnswer.error(response, Status.BAD_REQUEST_400, "limit: not a number from 1 to " + MOST);
      return;
    }
    JsonAnswer.send(
        response,
        json -> {
          json.beginObject().name("decisions").beginArray();
          decisions.latest(limit.getAsInt()).forEach(each -> DecisionJson.writeSummary(each, json));
          json.endArray().endObject();
        });
  }

  private void one(ServerRequest request, ServerResponse response) {
    String id = request.path().pathParameters().get("id");
    Optional<DecisionRecord> record = decisions.find(id);
    if (record.isEmpty()) {
      JsonAnswer.error(
          response,
          Status.NOT_FOUND_404,
          "no decision of this id: it is not of this hub, or older than the last it remembers");
    } else if (request.headers().isAccepted(MediaTypes.APPLICATION_JSON)) {
      JsonAnswer.send(response, json -> DecisionJson.write(record.get(), json));
    } else {
      response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.send(DecisionText.of(record.get()));
    }
  }

  private static OptionalInt limit(Optional<String> asked) {
    if (asked.isEmpty()) {
      return OptionalInt.of(USUAL);
    }
    try {
      int limit = Integer.parseInt(asked.get());
      return limit >= 1 && limit <= MOST ? OptionalInt.of(limit) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
