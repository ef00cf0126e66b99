package dev.spillway.simulator.live;

import tools.jackson.core.JsonParser;

/**
 * Reads a chat completion request.
 *
 * <p>{@code continue_final_message} is vLLM's: the assistant's last message is gone on with rather
 * than answered. As there, it does not go with {@code add_generation_prompt}, which is on unless it
 * is turned off.
 */
final class ChatCallReader {
  private final TextOptions options = new TextOptions();
  private final Conversation messages = new Conversation("messages");
  private final Tools tools = new Tools();
  private final AnswerFormat format = new AnswerFormat("response_format");
  private boolean continuesFinalMessage;
  private boolean addsGenerationPrompt = true;

  private ChatCallReader() {}

  static TextCall read(JsonParser json) throws RequestRefused {
    var reader = new ChatCallReader();
    Body.eachField(json, reader::field);
    return reader.call();
  }

  private TextCall call() throws RequestRefused {
    if (continuesFinalMessage && addsGenerationPrompt) {
      throw Body.invalid("continue_final_message", "add_generation_prompt to be false with it");
    }
    Prompt prompt = continuesFinalMessage ? messages.toContinue() : messages.toAnswer();
    var call = tools.call(prompt.wish());
    return options.call(prompt, call.isPresent() ? call.get() : format.shape());
  }

  private void field(String name, JsonParser json) throws RequestRefused {
    switch (name) {
      case "messages" -> messages.readAll(json);
      case "tools" -> tools.readTools(json);
      case "tool_choice" -> tools.readChoice(json);
      case "response_format" -> format.read(json);
      case "continue_final_message" -> continuesFinalMessage = Body.flag(json, name);
      case "add_generation_prompt" -> addsGenerationPrompt = Body.flag(json, name);
      default -> options.field(name, json);
    }
  }
}
