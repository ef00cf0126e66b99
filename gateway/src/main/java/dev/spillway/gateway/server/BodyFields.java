package dev.spillway.gateway.server;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.multipart.Boundary;
import dev.spillway.wire.multipart.MalformedForm;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a head says of the body behind it, but for its length.
 *
 * @param isForm whether it is a form, and what is asked takes forms
 * @param boundary what parts the form; null if it is none, or cannot be read
 * @param coding what it was put through, such as gzip; null if it comes as it is
 * @param refusal why a body like this is not taken for what is asked; null if it is
 * @param asksFirst whether the client sends it only when it is told to
 * @param isChunked whether it comes without a length
 */
record BodyFields(
    boolean isForm,
    @Nullable Boundary boundary,
    @Nullable String coding,
    @Nullable Refusal refusal,
    boolean asksFirst,
    boolean isChunked) {
  static final BodyFields NONE = new BodyFields(false, null, null, null, false, false);

  static BodyFields of(HttpRequest request, RequestPath path) {
    boolean asksFirst = HttpUtil.is100ContinueExpected(request);
    boolean isChunked = HttpUtil.isTransferEncodingChunked(request);
    if (!(path instanceof RequestPath.Inference(var operation, _, _, _))) {
      return new BodyFields(false, null, null, null, asksFirst, isChunked);
    }
    String coding = operation.isOfKept() ? null : coding(request);
    if (coding != null) {
      Refusal refusal = Refusal.codedBody(coding);
      return new BodyFields(false, null, coding, refusal, asksFirst, isChunked);
    }
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "application/json");
    boolean isForm =
        HttpHeaderValues.MULTIPART_FORM_DATA.contentEqualsIgnoreCase(mediaType(type))
            && operation.takesForms();
    if (isForm) {
      return form(type, asksFirst, isChunked);
    }
    boolean isJson =
        HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(mediaType(type))
            && !operation.takesFormsOnly();
    Refusal refusal = isJson || operation.isOfKept() ? null : wrongType(operation);
    return new BodyFields(false, null, null, refusal, asksFirst, isChunked);
  }

  /** Nobody reads what is behind it (RFC 9110, 8.4); {@code identity} says nothing. */
  private static @Nullable String coding(HttpRequest request) {
    for (String line : request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING)) {
      for (String each : line.split(",", -1)) {
        String coding = each.strip();
        if (!coding.isEmpty() && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding)) {
          return coding;
        }
      }
    }
    return null;
  }

  private static BodyFields form(String type, boolean asksFirst, boolean isChunked) {
    try {
      return new BodyFields(true, Boundary.of(type), null, null, asksFirst, isChunked);
    } catch (MalformedForm e) {
      Refusal refusal =
          ErrorKind.BAD_REQUEST.because("The request is a form with " + e.what() + ".");
      return new BodyFields(true, null, null, refusal, asksFirst, isChunked);
    }
  }

  private static Refusal wrongType(Operation operation) {
    String expected =
        operation.takesFormsOnly()
            ? "multipart/form-data"
            : operation.takesForms()
                ? "multipart/form-data or application/json"
                : "application/json";
    return ErrorKind.WRONG_CONTENT_TYPE.because("content-type: expected " + expected);
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
  }
}
