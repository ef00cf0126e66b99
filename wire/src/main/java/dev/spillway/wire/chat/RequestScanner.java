package dev.spillway.wire.chat;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one request's body.
 *
 * <p>Reads the fields that routing needs, checks the rest for being JSON, and refuses what two
 * readers could understand differently: a name that is there twice or looks like one that is read,
 * a value of another type than the API documents. A field of {@code null} is one that is not there.
 */
final class RequestScanner {
  private static final int MAX_FIELDS = 128;
  private static final int MAX_NAME = 256;
  private static final long MAX_TOKENS = 1_000_000_000;
  private static final int MAX_CHOICES = 128;

  private final Operation operation;
  private final @Nullable String modelOfPath;
  private final ByteSlice body;
  private final JsonCursor cursor = JsonCursor.ofRequests();
  private final FieldReader reader = new FieldReader(cursor);
  private final RequestFacts facts = new RequestFacts();
  private final InputScan input;
  private final NestedFields nested;
  private final UnstreamedFields unstreamed = new UnstreamedFields(cursor);
  private final List<Member> members = new ArrayList<>(16);

  RequestScanner(Operation operation, @Nullable String modelOfPath, ByteSlice body) {
    this.operation = operation;
    this.modelOfPath = modelOfPath;
    this.body = body;
    this.input = new InputScan(cursor, body);
    this.nested = new NestedFields(cursor, reader, facts, input);
  }

  RequestScan scan() {
    try {
      return new RequestScan.Accepted(read());
    } catch (InvalidRequest e) {
      return new RequestScan.Refused(e.refusal());
    } catch (MalformedJson e) {
      return new RequestScan.Refused(
          ErrorKind.INVALID_JSON.because(
              "The request body is not one valid JSON object: " + e.getMessage() + "."));
    }
  }

  private ScannedRequest read() throws MalformedJson, InvalidRequest {
    cursor.reset(body);
    int open = cursor.position();
    cursor.beginObject();
    while (cursor.nextMember()) {
      String name = newName();
      int nameAt = cursor.namePosition();
      int from = cursor.position();
      field(name);
      members.add(new Member(name, nameAt, new Span(from, cursor.endOfValue())));
    }
    cursor.end();
    checkInput();
    facts.put(Feature.UNSTREAMED, unstreamed.isAsked());
    return new ScannedRequest(
        operation,
        facts.theModel(operation, modelOfPath),
        Collections.unmodifiableSet(facts.features),
        maxOutputTokens(),
        choices(),
        input.tokens(),
        input.conversation(),
        facts.reasoningEffort,
        facts.promptCacheKey,
        facts.safetyIdentifier != null ? facts.safetyIdentifier : facts.user,
        facts.previousResponse,
        null,
        null,
        new Fields(body.length(), open, members, facts.includeUsage));
  }

  /** Each prompt of a completion has as many as are asked for. */
  private int choices() throws InvalidRequest {
    if (operation != Operation.COMPLETIONS) {
      return facts.choices;
    }
    long all = (long) facts.choices * input.textCount();
    if (all > ChunkFacts.MOST_CHOICES) {
      throw new InvalidRequest(
          "prompt",
          "for too many answers at once (expected: 'n' times the prompts, here "
              + all
              + ", is "
              + ChunkFacts.MOST_CHOICES
              + " at most)");
    }
    return (int) all;
  }

  /** An image costs what it costs; nobody says a limit. */
  private long maxOutputTokens() {
    return operation == Operation.IMAGE_GENERATIONS || operation == Operation.IMAGE_EDITS
        ? MediaEstimates.MADE_IMAGE_TOKENS * facts.choices
        : facts.maxOutputTokens();
  }

  private String newName() throws InvalidRequest {
    if (cursor.textBytes() > MAX_NAME || members.size() == MAX_FIELDS) {
      throw new InvalidRequest(
          "body",
          "more than " + MAX_FIELDS + " fields, or a name of more than " + MAX_NAME + " bytes");
    }
    String name = cursor.name(FieldNames.USUAL);
    for (Member member : members) {
      if (member.name().equals(name)) {
        throw new InvalidRequest(FieldNames.shown(name), "there twice (expected: once)");
      }
    }
    String meant = FieldNames.meantBy(name);
    if (meant != null) {
      throw new InvalidRequest(meant, "there under a name that only some readers take for it");
    }
    return name;
  }

  private void field(String name) throws MalformedJson, InvalidRequest {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
    } else if (name.equals(operation.inputField())) {
      input(name);
    } else if (!isOfItsApi(name)) {
      common(name);
    }
  }

  private boolean isOfItsApi(String name) throws MalformedJson, InvalidRequest {
    if (operation == Operation.RESPONSES) {
      return nested.ofResponses(name);
    }
    return operation.isAnthropics() && nested.ofMessages(name);
  }

  private void common(String name) throws MalformedJson, InvalidRequest {
    switch (name) {
      case "model" -> facts.model = reader.text(name);
      case "stream" -> facts.put(Feature.STREAM, reader.flag(name) && operation.canStream());
      case "stream_options" -> nested.streamOptions();
      case "max_tokens", "max_output_tokens", "max_completion_tokens" -> limit(name);
      case "n" -> facts.choices = (int) reader.integer(name, MAX_CHOICES);
      case "tools", "functions" -> nested.tools(name);
      case "response_format" -> responseFormat(name);
      case "logprobs" -> logprobs(name);
      case "stop" -> stop(name);
      case "echo" -> facts.put(Feature.ECHO, unstreamed.isOn());
      case "reasoning_effort" -> facts.reasoningEffort = reader.text(name);
      case "prompt_cache_key" -> facts.promptCacheKey = reader.text(name);
      case "safety_identifier" -> facts.safetyIdentifier = reader.text(name);
      case "user" -> facts.user = reader.text(name);
      case "service_tier" -> facts.put(Feature.FLEX, reader.text(name).equals("flex"));
      default -> unstreamed.pass(name);
    }
  }

  private void input(String name) throws MalformedJson, InvalidRequest {
    switch (operation.input()) {
      case MESSAGES -> {
        reader.expect(name, JsonKind.ARRAY);
        input.messages(name);
      }
      case ITEMS -> {
        reader.expectStringOrArray(name);
        if (cursor.kind() == JsonKind.STRING) {
          input.texts();
        } else {
          input.items(name);
        }
      }
      case TEXTS -> {
        reader.expectStringOrArray(name);
        input.texts();
      }
      case NOTHING -> throw new IllegalStateException("a body for " + operation);
    }
    facts.put(Feature.MEDIA, input.hasMedia());
  }

  /**
   * Each API has names of its own; those of others are checked, but limit nothing. A completion of
   * no tokens is how the prompt itself is scored, which {@code echo} repeats.
   */
  private void limit(String name) throws MalformedJson, InvalidRequest {
    String own = operation == Operation.RESPONSES ? "max_output_tokens" : "max_tokens";
    boolean mayBeNone = operation == Operation.COMPLETIONS && name.equals(own);
    long tokens = reader.integer(name, mayBeNone ? 0 : 1, MAX_TOKENS);
    if (name.equals(own)) {
      facts.maxTokens = tokens;
      facts.put(Feature.NO_OUTPUT, tokens == 0);
    } else if (name.equals("max_completion_tokens") && operation == Operation.CHAT_COMPLETIONS) {
      facts.maxCompletionTokens = tokens;
    }
  }

  /** A flag of chat; a number of completions. */
  private void logprobs(String name) throws MalformedJson, InvalidRequest {
    if (operation == Operation.COMPLETIONS) {
      reader.expect(name, JsonKind.NUMBER);
      cursor.skip();
      facts.features.add(Feature.LOGPROBS);
    } else {
      facts.put(Feature.LOGPROBS, reader.flag(name));
    }
  }

  /** An object of chat and completions; elsewhere a name, such as of an image's encoding. */
  private void responseFormat(String name) throws MalformedJson, InvalidRequest {
    if (operation == Operation.CHAT_COMPLETIONS || operation == Operation.COMPLETIONS) {
      nested.format(name);
    } else {
      cursor.skip();
    }
  }

  private void stop(String name) throws MalformedJson, InvalidRequest {
    reader.expectStringOrArray(name);
    cursor.skip();
    facts.features.add(Feature.STOP_STRINGS);
  }

  private void checkInput() throws InvalidRequest {
    if (!input.isPresent() && !facts.goesOn) {
      throw new InvalidRequest(operation.inputField(), "missing or empty (expected: at least one)");
    }
  }
}
