package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.json.Span;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one request's body.
 *
 * <p>Reads the fields that routing needs, checks the rest for being JSON, and refuses what two
 * readers could understand differently: a name that is there twice, a value of another type than
 * the API documents. A field of {@code null} is one that is not there.
 */
final class RequestScanner {
  private static final int MAX_FIELDS = 128;
  private static final int MAX_NAME = 256;
  private static final int MAX_TEXT = 512;
  private static final long MAX_TOKENS = 1_000_000_000;
  private static final int MAX_CHOICES = 128;
  private static final byte[] INCLUDE_USAGE = "include_usage".getBytes(ISO_8859_1);
  private static final byte[] TYPE = "type".getBytes(ISO_8859_1);
  private static final byte[] TEXT = "text".getBytes(ISO_8859_1);

  private final Operation operation;
  private final @Nullable String modelOfPath;
  private final ByteSlice body;
  private final JsonCursor cursor = new JsonCursor();
  private final InputScan input;
  private final List<Member> members = new ArrayList<>(16);
  private final Set<Feature> features = EnumSet.noneOf(Feature.class);

  private @Nullable String model;
  private @Nullable String reasoningEffort;
  private @Nullable String promptCacheKey;
  private @Nullable String safetyIdentifier;
  private @Nullable String user;
  private @Nullable Span includeUsage;
  private long maxTokens;
  private long maxCompletionTokens;
  private int choices = 1;

  RequestScanner(Operation operation, @Nullable String modelOfPath, ByteSlice body) {
    this.operation = operation;
    this.modelOfPath = modelOfPath;
    this.body = body;
    this.input = new InputScan(cursor, body);
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
    return new ScannedRequest(
        operation,
        theModel(),
        Set.copyOf(features),
        maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens,
        operation == Operation.COMPLETIONS ? choices * input.textCount() : choices,
        input.tokens(),
        input.conversation(),
        reasoningEffort,
        promptCacheKey,
        safetyIdentifier != null ? safetyIdentifier : user,
        new Fields(body.length(), open, members, includeUsage));
  }

  private String newName() throws InvalidRequest {
    if (cursor.textBytes() > MAX_NAME || members.size() == MAX_FIELDS) {
      throw new InvalidRequest(
          "body",
          "more than " + MAX_FIELDS + " fields, or a name of more than " + MAX_NAME + " bytes");
    }
    String name = cursor.name();
    for (Member member : members) {
      if (member.name().equals(name)) {
        throw new InvalidRequest(FieldNames.shown(name), "there twice (expected: once)");
      }
    }
    return name;
  }

  private void field(String name) throws MalformedJson, InvalidRequest {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
      return;
    }
    if (name.equals(operation.inputField())) {
      input(name);
      return;
    }
    switch (name) {
      case "model" -> model = text(name);
      case "stream" -> stream();
      case "stream_options" -> streamOptions();
      case "max_tokens" -> maxTokens = integer(name, MAX_TOKENS);
      case "max_completion_tokens" -> maxCompletionTokens = integer(name, MAX_TOKENS);
      case "n" -> choices = (int) integer(name, MAX_CHOICES);
      case "tools", "functions" -> tools(name);
      case "response_format" -> responseFormat();
      case "logprobs" -> logprobs();
      case "stop" -> stop();
      case "reasoning_effort" -> reasoningEffort = text(name);
      case "prompt_cache_key" -> promptCacheKey = text(name);
      case "safety_identifier" -> safetyIdentifier = text(name);
      case "user" -> user = text(name);
      default -> cursor.skip();
    }
  }

  private void input(String name) throws MalformedJson, InvalidRequest {
    switch (operation.input()) {
      case MESSAGES -> {
        expect(name, JsonKind.ARRAY);
        input.messages();
      }
      case TEXTS -> {
        JsonKind kind = cursor.kind();
        if (kind != JsonKind.STRING && kind != JsonKind.ARRAY) {
          throw new InvalidRequest(name, "of the wrong type (expected: a string or an array)");
        }
        input.texts();
      }
    }
    if (input.hasMedia()) {
      features.add(Feature.MEDIA);
    }
  }

  /** Where nothing can come in parts the flag means nothing, at the providers too. */
  private void stream() throws MalformedJson, InvalidRequest {
    flag("stream", Feature.STREAM);
    if (!operation.canStream()) {
      features.remove(Feature.STREAM);
    }
  }

  private void streamOptions() throws MalformedJson, InvalidRequest {
    expect("stream_options", JsonKind.OBJECT);
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (!cursor.nameIs(INCLUDE_USAGE)) {
        cursor.skip();
        continue;
      }
      if (includeUsage != null) {
        throw new InvalidRequest("stream_options.include_usage", "there twice (expected: once)");
      }
      int from = cursor.position();
      if (!cursor.skipNull()) {
        flag("stream_options.include_usage", Feature.USAGE_CHUNK);
      }
      includeUsage = new Span(from, cursor.endOfValue());
    }
  }

  private void tools(String name) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.ARRAY);
    int from = cursor.position();
    int elements = 0;
    cursor.beginArray();
    while (cursor.nextElement()) {
      cursor.skip();
      elements++;
    }
    if (elements > 0) {
      features.add(Feature.TOOLS);
      input.addBytes(cursor.endOfValue() - from);
    }
  }

  /** A flag of chat; a number of completions. */
  private void logprobs() throws MalformedJson, InvalidRequest {
    if (operation == Operation.COMPLETIONS) {
      expect("logprobs", JsonKind.NUMBER);
      cursor.skip();
      features.add(Feature.LOGPROBS);
    } else {
      flag("logprobs", Feature.LOGPROBS);
    }
  }

  /** An object of chat; elsewhere a name, such as of an image's encoding. */
  private void responseFormat() throws MalformedJson, InvalidRequest {
    if (operation != Operation.CHAT_COMPLETIONS) {
      cursor.skip();
      return;
    }
    expect("response_format", JsonKind.OBJECT);
    int from = cursor.position();
    boolean plain = false;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(TYPE) && cursor.kind() == JsonKind.STRING) {
        cursor.skipString();
        plain = cursor.textIs(TEXT);
      } else {
        cursor.skip();
      }
    }
    if (!plain) {
      features.add(Feature.JSON_OUTPUT);
      input.addBytes(cursor.endOfValue() - from);
    }
  }

  private void stop() throws MalformedJson, InvalidRequest {
    JsonKind kind = cursor.kind();
    if (kind != JsonKind.STRING && kind != JsonKind.ARRAY) {
      throw new InvalidRequest("stop", "of the wrong type (expected: a string or an array)");
    }
    cursor.skip();
    features.add(Feature.STOP_STRINGS);
  }

  private void flag(String name, Feature feature) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.BOOLEAN);
    if (cursor.bool()) {
      features.add(feature);
    }
  }

  private String text(String name) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.STRING);
    String text = cursor.string();
    if (cursor.textBytes() > MAX_TEXT) {
      throw new InvalidRequest(name, "too long (expected: " + MAX_TEXT + " bytes at most)");
    }
    return text;
  }

  private long integer(String name, long max) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.NUMBER);
    long value = cursor.integerOr(0);
    if (value < 1 || value > max) {
      throw new InvalidRequest(
          name, "not a number that is taken (expected: an integer from 1 to " + max + ")");
    }
    return value;
  }

  private void expect(String name, JsonKind expected) throws MalformedJson, InvalidRequest {
    if (cursor.kind() != expected) {
      throw new InvalidRequest(
          name, "of the wrong type (expected: " + FieldNames.of(expected) + ")");
    }
  }

  private String theModel() throws InvalidRequest {
    String asked = modelOfPath != null ? modelOfPath : model;
    if (asked == null) {
      asked = operation.usualModel();
    }
    if (asked == null || asked.isEmpty()) {
      throw new InvalidRequest("model", "missing or empty (expected: the name of a model)");
    }
    return asked;
  }

  private void checkInput() throws InvalidRequest {
    if (!input.isPresent()) {
      throw new InvalidRequest(operation.inputField(), "missing or empty (expected: at least one)");
    }
  }
}
