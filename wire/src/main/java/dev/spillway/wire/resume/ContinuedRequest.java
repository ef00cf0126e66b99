package dev.spillway.wire.resume;

import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request for the rest of an answer: the client's, with what was shown as the beginning of the
 * answer, and with the tokens that are left.
 *
 * <p>Chat gets one more message, the assistant's. If the client had begun the answer itself, and
 * the engine would have continued that, what was shown goes to the end of the client's message.
 * Completions get a longer prompt. All else stays: sampling, stop strings, tools. What counts over
 * the output alone (penalties, a seed) begins anew at the seam.
 */
public final class ContinuedRequest {
  /** The names of one limit in the API and in llama.cpp. */
  private static final List<String> LIMITS =
      List.of("max_tokens", "max_completion_tokens", "n_predict");

  private static final String LEAST = "min_tokens";
  private static final ByteSlice TRUE = ByteSlice.of("true");
  private static final ByteSlice FALSE = ByteSlice.of("false");

  private final ScannedRequest request;
  private final Shown shown;
  private final Resumption resumption;

  /** For a target that resumes chat in this way. */
  public ContinuedRequest(ScannedRequest request, Shown shown, Resumption resumption) {
    this.request = request;
    this.shown = shown;
    this.resumption = resumption;
  }

  /**
   * Tells the changes.
   *
   * @return what stands in the way; then the body may be changed in part and must not be sent. Null
   *     if nothing does
   */
  public @Nullable Obstacle applyTo(BodyEdit body) {
    Obstacle obstacle = obstacle();
    if (obstacle != null) {
      return obstacle;
    }
    limit(body);
    return request.operation() == Operation.CHAT_COMPLETIONS ? chat(body) : completions(body);
  }

  private @Nullable Obstacle obstacle() {
    Obstacle obstacle = shown.obstacle();
    if (obstacle != null) {
      return obstacle;
    }
    if (shown.hasCertainly(request.maxOutputTokens())) {
      return Obstacle.NOTHING_LEFT;
    }
    boolean chat = request.operation() == Operation.CHAT_COMPLETIONS;
    return chat && resumption == Resumption.NONE ? Obstacle.TARGET : null;
  }

  private void limit(BodyEdit body) {
    long generated = shown.generatedTokens();
    for (String name : LIMITS) {
      long most = number(body.original(name));
      if (most > 0) {
        body.put(name, Math.max(1, shown.remainingTokens(most)));
      }
    }
    long least = number(body.original(LEAST));
    if (least > 0) {
      body.put(LEAST, Math.max(0, least - generated));
    }
  }

  private @Nullable Obstacle chat(BodyEdit body) {
    ByteSlice messages = body.original("messages");
    if (messages == null) {
      throw new IllegalStateException("a request of chat without messages");
    }
    LastMessage last = LastMessage.of(messages);
    if (isNothing(resent())) {
      return null;
    }
    boolean prefilled = last.ofAssistant() && continuesPrefill(body);
    if (resumption == Resumption.CONTINUES_FINAL_MESSAGE) {
      body.put("continue_final_message", TRUE).put("add_generation_prompt", FALSE);
    }
    if (!prefilled) {
      body.append("messages", message());
      return null;
    }
    Span text = last.text();
    if (text == null) {
      return Obstacle.PREFILL;
    }
    body.extend("messages", text, resent());
    return null;
  }

  /**
   * Whether there is no text that the engine could continue: then it begins, and the seam does the
   * rest. Where templates render the final message, white space alone is nothing: it would be
   * looked for at the very end, after the mark that ends the message ({@code apply_chat_template}
   * in transformers, utils/chat_template_utils.py, read 2026-11-25).
   */
  private boolean isNothing(ByteSlice text) {
    return resumption == Resumption.CONTINUES_FINAL_MESSAGE
        ? Characters.unescaped(text).isBlank()
        : text.length() == 0;
  }

  /** Whether the engine takes an assistant's message at the end for one to be continued. */
  private boolean continuesPrefill(BodyEdit body) {
    ByteSlice asked = body.original("continue_final_message");
    return switch (resumption) {
      case NONE -> false;
      case CONTINUES_FINAL_MESSAGE -> asked != null && asked.toString().equals("true");
      case PREFILLS_LAST_MESSAGE -> true;
    };
  }

  private ByteSlice message() {
    ByteSlice text = resent();
    JsonWriter string = new JsonWriter(text.length() + 2);
    string.verbatim("\"").raw(text).verbatim("\"");
    JsonWriter message = new JsonWriter(text.length() + 64).beginObject();
    message.name("role").value("assistant").name("content").raw(string.written());
    return message.endObject().written();
  }

  private @Nullable Obstacle completions(BodyEdit body) {
    ByteSlice prompt = body.original("prompt");
    if (prompt == null || prompt.array()[prompt.offset()] != '"') {
      return Obstacle.PROMPT;
    }
    body.extend("prompt", new Span(0, prompt.length()), resent());
    return null;
  }

  private ByteSlice resent() {
    return SplitCharacter.without(shown.escaped());
  }

  /** A whole number; 0 if it is none. */
  private static long number(@Nullable ByteSlice value) {
    try {
      JsonCursor cursor = new JsonCursor();
      boolean isNumber = value != null && cursor.reset(value).kind() == JsonKind.NUMBER;
      return isNumber ? cursor.integerOr(0) : 0;
    } catch (MalformedJson e) {
      throw new IllegalStateException("a field that was read before", e);
    }
  }
}
