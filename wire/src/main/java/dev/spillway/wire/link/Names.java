package dev.spillway.wire.link;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes core's names of what came over a link. */
final class Names {
  private Names() {}

  static <T> T read(String what, String text, Function<String, T> make) throws MalformedMessage {
    try {
      return make.apply(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage(what + ": not a name", e);
    }
  }

  static <T> List<T> readAll(String what, List<String> texts, Function<String, T> make)
      throws MalformedMessage {
    List<T> names = new ArrayList<>();
    for (String text : texts) {
      names.add(read(what, text, make));
    }
    return List.copyOf(names);
  }
}
