package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Span;
import dev.spillway.wire.multipart.Boundary;
import dev.spillway.wire.multipart.Form;
import dev.spillway.wire.multipart.FormPart;
import dev.spillway.wire.multipart.MalformedForm;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads of a form what routing needs; what is there twice and may not be is refused. */
final class FormScanner {
  private static final int MOST_VALUE_BYTES = 512;
  private static final int MOST_IMAGES = 10;
  private static final int BYTES_PER_TOKEN = 4;
  private static final Set<String> ONCE =
      Set.of("model", "stream", "n", "prompt", "response_format", "user", "file", "language");

  private final Operation operation;
  private final @Nullable String modelOfPath;
  private final Boundary boundary;
  private final ByteSlice body;
  private final RequestFacts facts = new RequestFacts();
  private final Set<String> seen = new HashSet<>();
  private long tokens;
  private boolean file;

  FormScanner(
      Operation operation, @Nullable String modelOfPath, Boundary boundary, ByteSlice body) {
    this.operation = operation;
    this.modelOfPath = modelOfPath;
    this.boundary = boundary;
    this.body = body;
  }

  RequestScan scan() {
    try {
      return new RequestScan.Accepted(read(Form.read(boundary, body)));
    } catch (InvalidRequest e) {
      return new RequestScan.Refused(e.refusal());
    } catch (MalformedForm e) {
      return new RequestScan.Refused(malformed(e));
    }
  }

  private ScannedRequest read(Form form) throws InvalidRequest {
    for (FormPart part : form.parts()) {
      if (ONCE.contains(part.field()) && !seen.add(part.field())) {
        throw new InvalidRequest(part.field(), "there twice (expected: once)");
      }
      part(part);
    }
    if (!file) {
      String name = operation == Operation.IMAGE_EDITS ? "image" : "file";
      throw new InvalidRequest(name, "missing (expected: a file)");
    }
    facts.put(Feature.MEDIA, true);
    long output = operation == Operation.IMAGE_EDITS ? MediaEstimates.MADE_IMAGE_TOKENS : 0;
    return new ScannedRequest(
        operation,
        facts.theModel(operation, modelOfPath),
        Collections.unmodifiableSet(facts.features),
        output * facts.choices,
        facts.choices,
        Math.max(1, tokens),
        0,
        null,
        null,
        facts.user,
        null,
        null,
        form,
        ScannedRequest.NO_FIELDS);
  }

  private void part(FormPart part) throws InvalidRequest {
    String name = part.field();
    switch (name) {
      case "model" -> facts.model = text(part);
      case "user" -> facts.user = text(part);
      case "stream" -> facts.put(Feature.STREAM, flag(part) && operation.canStream());
      case "n" -> facts.choices = count(part);
      case "response_format" -> facts.put(Feature.TEXT_OUTPUT, isOfText(text(part)));
      case "prompt" -> tokens += length(part.value()) / BYTES_PER_TOKEN;
      case "file", "image" -> file(part);
      default -> {}
    }
  }

  private void file(FormPart part) {
    file = true;
    tokens +=
        operation == Operation.IMAGE_EDITS
            ? MediaEstimates.SEEN_IMAGE_TOKENS
            : length(part.value()) / MediaEstimates.HEARD_BYTES_PER_TOKEN;
  }

  private static boolean isOfText(String format) {
    return format.equals("text") || format.equals("srt") || format.equals("vtt");
  }

  private boolean flag(FormPart part) throws InvalidRequest {
    return switch (text(part)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new InvalidRequest(part.field(), "neither 'true' nor 'false'");
    };
  }

  private int count(FormPart part) throws InvalidRequest {
    String text = text(part);
    if (!text.matches("[1-9][0-9]?") || Integer.parseInt(text) > MOST_IMAGES) {
      throw new InvalidRequest(
          part.field(), "not a number that is taken (expected: an integer from 1 to 10)");
    }
    return Integer.parseInt(text);
  }

  private String text(FormPart part) throws InvalidRequest {
    if (part.kind() == FormPart.Kind.FILE) {
      throw new InvalidRequest(part.field(), "a file (expected: a value without a file name)");
    }
    int length = length(part.value());
    if (length > MOST_VALUE_BYTES) {
      throw new InvalidRequest(
          part.field(), "too long (expected: " + MOST_VALUE_BYTES + " bytes at most)");
    }
    try {
      int from = body.offset() + part.value().from();
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body.array(), from, length)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRequest(part.field(), "not valid UTF-8");
    }
  }

  private static int length(Span span) {
    return span.to() - span.from();
  }

  private static Refusal malformed(MalformedForm e) {
    return ErrorKind.BAD_REQUEST.because(
        "The request body is not one well-formed multipart/form-data: " + e.what() + ".");
  }
}
