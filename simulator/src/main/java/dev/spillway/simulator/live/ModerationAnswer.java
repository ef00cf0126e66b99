package dev.spillway.simulator.live;

import java.util.List;

/** Finds nothing wrong with anything. */
final class ModerationAnswer {
  private static final List<String> CATEGORIES =
      List.of(
          "harassment",
          "harassment/threatening",
          "hate",
          "hate/threatening",
          "illicit",
          "illicit/violent",
          "self-harm",
          "self-harm/instructions",
          "self-harm/intent",
          "sexual",
          "sexual/minors",
          "violence",
          "violence/graphic");

  private ModerationAnswer() {}

  static CharSequence json(AnswerHead head, ModerationCall call) {
    String result =
        "{\"flagged\":false,\"categories\":"
            + each("false")
            + ",\"category_scores\":"
            + each("0.0")
            + ",\"category_applied_input_types\":"
            + each("[\"text\"]")
            + "}";
    var json = new StringBuilder("{\"id\":\"").append(head.id());
    json.append("\",\"model\":\"").append(head.model()).append("\",\"results\":[");
    for (int i = 0; i < call.inputs(); i++) {
      json.append(i == 0 ? "" : ",").append(result);
    }
    return json.append("]}");
  }

  private static String each(String value) {
    var json = new StringBuilder();
    for (String category : CATEGORIES) {
      json.append(json.isEmpty() ? "{" : ",").append('"').append(category).append("\":");
      json.append(value);
    }
    return json.append('}').toString();
  }
}
