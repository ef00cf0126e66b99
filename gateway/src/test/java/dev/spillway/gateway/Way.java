package dev.spillway.gateway;

import dev.spillway.testkit.faulty.ChatAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** How a client asks: over which protocol, and for which form of answer. */
record Way(Protocol protocol, Form form) {
  /** Whether the answer comes as it is made. */
  enum Form {
    WHOLE,
    STREAMED
  }

  static Stream<Way> all() {
    return Arrays.stream(Protocol.values())
        .flatMap(protocol -> Arrays.stream(Form.values()).map(form -> new Way(protocol, form)));
  }

  static Stream<Way> streamed() {
    return all().filter(each -> each.form == Form.STREAMED);
  }

  static Stream<Way> whole() {
    return all().filter(each -> each.form == Form.WHOLE);
  }

  boolean streams() {
    return form == Form.STREAMED;
  }

  /** A chat request of this form; members are JSON, such as {@code "n":2}. */
  String body(String... members) {
    return streams()
        ? chat(Stream.concat(Stream.of("\"stream\":true"), Arrays.stream(members)).toList())
        : chat(List.of(members));
  }

  /** Of the answer to {@code body}, what says in which event it is whole. */
  static int finishOf(String body) {
    return kinds(body).indexOf(ChatAnswer.Kind.FINISH);
  }

  /** How many events the answer has before its finish: its role, thoughts and content. */
  private static List<ChatAnswer.Kind> kinds(String body) {
    return ChatAnswer.to(body).events().stream().map(ChatAnswer.Event::kind).toList();
  }

  private static String chat(List<String> members) {
    String more = members.isEmpty() ? "" : "," + String.join(",", members);
    return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Say 9 words\"}]"
        + more
        + "}";
  }

  @Override
  public String toString() {
    return protocol + " " + form;
  }
}
