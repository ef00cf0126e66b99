package dev.spillway.gateway;

import dev.spillway.testkit.faulty.ChatAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

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

  /** Each of these ways with each of what befalls a request. */
  static Stream<Arguments> crossed(Stream<Way> ways, List<?> faults) {
    return ways.flatMap(way -> faults.stream().map(fault -> Arguments.of(way, fault)));
  }

  boolean streams() {
    return form == Form.STREAMED;
  }

  /** A chat request of this form; members are JSON, such as {@code "n":2}. */
  String body(String... members) {
    return asking("\"messages\":[{\"role\":\"user\",\"content\":\"Say 9 words\"}]", members);
  }

  /** The same of completions; what stands behind its prompt's line is the answer's. */
  String completion(String... members) {
    return asking("\"prompt\":\"Say 9 words:\\n\"", members);
  }

  /** Of the answer to {@code body}, what says in which event it is whole. */
  static int finishOf(String body) {
    return kinds(body).indexOf(ChatAnswer.Kind.FINISH);
  }

  /** How many events the answer has before its finish: its role, thoughts and content. */
  private static List<ChatAnswer.Kind> kinds(String body) {
    return ChatAnswer.to(body).events().stream().map(ChatAnswer.Event::kind).toList();
  }

  private String asking(String what, String... members) {
    List<String> all = new ArrayList<>(List.of("\"model\":\"gpt-4o\"", what));
    if (streams()) {
      all.add("\"stream\":true");
    }
    all.addAll(List.of(members));
    return "{" + String.join(",", all) + "}";
  }

  @Override
  public String toString() {
    return protocol + " " + form;
  }
}
