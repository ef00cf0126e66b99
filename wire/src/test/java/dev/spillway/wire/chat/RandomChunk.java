package dev.spillway.wire.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Chunks as providers send them, and as they should not: members missing, null, out of order. */
final class RandomChunk {
  private static final String[] TEXTS = {
    "",
    "Hi",
    "\\\"error\\\":{",
    "finish_reason\\\":\\\"stop",
    "\\u00e9\\ud83d\\ude00",
    "中é😀",
    "\\\\",
    "a longer piece of text, with },{ and [DONE] in it",
  };

  private final RandomGenerator random;

  RandomChunk(RandomGenerator random) {
    this.random = random;
  }

  String next() {
    List<String> members = new ArrayList<>();
    maybe(members, "id", "\"chatcmpl-1\"", "\"\"", "null", "7");
    maybe(members, "object", "\"chat.completion.chunk\"");
    maybe(members, "usage", "null", usage(), "{}");
    maybe(
        members,
        "prompt_filter_results",
        "[{\"content_filter_results\":{\"error\":{\"code\":1}}}]");
    if (random.nextInt(8) == 0) {
      maybe(members, "error", "null", "{\"message\":\"m\"}", "\"text\"");
    }
    if (random.nextInt(10) > 0) {
      members.add("\"choices\":" + choices());
    }
    return object(members);
  }

  private String choices() {
    List<String> choices = new ArrayList<>();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      List<String> members = new ArrayList<>();
      members.add("\"index\":" + i);
      maybe(members, "delta", delta(), delta(), delta(), "{}", "null");
      maybe(members, "finish_reason", "null", "null", "\"stop\"", "\"a new reason\"");
      maybe(members, "logprobs", "null", "{\"content\":[{\"token\":\"error\"}]}");
      maybe(members, "content_filter_results", "{\"error\":{\"code\":1,\"message\":\"x\"}}", "{}");
      choices.add(object(members));
    }
    return random.nextInt(20) == 0 ? "null" : choices.toString();
  }

  private String delta() {
    List<String> members = new ArrayList<>();
    maybe(members, "role", "\"assistant\"", "null");
    maybe(members, "content", text(), text(), text(), "null");
    maybe(members, "refusal", "null", text());
    maybe(members, "reasoning_content", "null", text());
    maybe(
        members,
        "tool_calls",
        "[]",
        "null",
        "[{\"index\":0,\"function\":{\"arguments\":" + text() + "}}]");
    return object(members);
  }

  private String usage() {
    List<String> members = new ArrayList<>();
    maybe(members, "prompt_tokens", "12", "null", "-4", "1.5");
    maybe(members, "completion_tokens", "34", "0");
    maybe(
        members, "prompt_tokens_details", "null", "{\"cached_tokens\":5}", "{\"audio_tokens\":1}");
    return object(members);
  }

  private String text() {
    return "\"" + TEXTS[random.nextInt(TEXTS.length)] + "\"";
  }

  private void maybe(List<String> members, String name, String... values) {
    if (random.nextBoolean()) {
      String colon = random.nextBoolean() ? "\":" : "\" : ";
      members.add("\"" + name + colon + values[random.nextInt(values.length)]);
    }
  }

  private String object(List<String> members) {
    Collections.shuffle(members, new java.util.Random(random.nextLong()));
    return "{" + String.join(random.nextBoolean() ? "," : " , ", members) + "}";
  }
}
