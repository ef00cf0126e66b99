package dev.spillway.gateway;

/** A stop string in the middle of an answer, parts of which are in three of its tokens. */
record StopString(String text) {
  static StopString within(String answer) {
    int middle = answer.indexOf('5');
    return new StopString(
        answer.substring(
            answer.offsetByCodePoints(middle, -2), answer.offsetByCodePoints(middle, 3)));
  }

  /** As a member of a request: clients send bytes, and what is not ASCII as escapes. */
  String member() {
    StringBuilder json = new StringBuilder("\"stop\":[\"");
    text.chars().forEach(each -> json.append(String.format("\\u%04x", each)));
    return json.append("\"]").toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
