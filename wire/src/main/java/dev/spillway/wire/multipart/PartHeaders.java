package dev.spillway.wire.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers of one part: its name, and whether it is a file. Refuses what is unusual. */
final class PartHeaders {
  private static final int MOST_BYTES = 4 << 10;
  private static final int MOST_LINES = 16;
  private static final int LONGEST_NAME = 128;
  private static final String DISPOSITION = "content-disposition";
  private static final String FORM_DATA = "form-data";

  private @Nullable String name;
  private boolean file;
  private boolean typed;
  private int lines;

  /** Where the part's content begins, after the empty line. */
  int read(byte[] bytes, int from, int end) throws MalformedForm {
    int limit = Math.min(end, from + MOST_BYTES);
    int at = from;
    while (true) {
      int lineEnd = lineEnd(bytes, at, limit, end);
      if (lineEnd == at) {
        return at + 2;
      }
      if (++lines > MOST_LINES) {
        throw new MalformedForm("a part with more than " + MOST_LINES + " headers");
      }
      header(new String(bytes, at, lineEnd - at, UTF_8));
      at = lineEnd + 2;
    }
  }

  String name() throws MalformedForm {
    if (name == null) {
      throw new MalformedForm("a part without a name");
    }
    return name;
  }

  FormPart.Kind kind() {
    return file ? FormPart.Kind.FILE : FormPart.Kind.FIELD;
  }

  private static int lineEnd(byte[] bytes, int from, int limit, int end) throws MalformedForm {
    for (int at = from; at + 1 < limit; at++) {
      if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
        return at;
      }
      if (bytes[at] == '\r' || bytes[at] == '\n' || bytes[at] == 0) {
        throw new MalformedForm("a line end or zero inside a part's headers");
      }
    }
    throw new MalformedForm(
        limit < end
            ? "a part with more than " + MOST_BYTES + " bytes of headers"
            : "a part whose headers do not end");
  }

  private void header(String line) throws MalformedForm {
    int colon = line.indexOf(':');
    String header = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!header.matches("[a-z0-9-]+")) {
      throw new MalformedForm("a part with a header that is none");
    }
    String value = line.substring(colon + 1).strip();
    switch (header) {
      case DISPOSITION -> disposition(value);
      case "content-type" -> type(value);
      case "content-transfer-encoding" -> encoding(value);
      default -> {}
    }
  }

  private void type(String value) throws MalformedForm {
    if (typed) {
      throw new MalformedForm("a part with two content-types");
    }
    typed = true;
    if (value.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      throw new MalformedForm("a form inside the form");
    }
  }

  private static void encoding(String value) throws MalformedForm {
    if (!value.toLowerCase(Locale.ROOT).matches("binary|8bit|7bit")) {
      throw new MalformedForm("a part with a content-transfer-encoding");
    }
  }

  private void disposition(String value) throws MalformedForm {
    if (name != null) {
      throw new MalformedForm("a part with two content-dispositions");
    }
    Parameters parameters = new Parameters(value);
    if (!parameters.word().equalsIgnoreCase(FORM_DATA)) {
      throw new MalformedForm("a part that is not form-data");
    }
    while (parameters.next()) {
      switch (parameters.name()) {
        case "name" -> named(parameters.value());
        case "name*" -> throw new MalformedForm("a part with an encoded name");
        case "filename", "filename*" -> file = true;
        default -> {}
      }
    }
  }

  private void named(String value) throws MalformedForm {
    boolean text = value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    if (name != null || value.isEmpty() || value.length() > LONGEST_NAME || !text) {
      throw new MalformedForm("a part with two names, or one that is empty, long or no text");
    }
    name = value;
  }

  /** A word, and then parameters: tokens, or in quotes. */
  private static final class Parameters {
    private final String text;
    private int at;
    private String name = "";
    private String value = "";

    Parameters(String text) {
      this.text = text;
    }

    String word() {
      int end = text.indexOf(';');
      at = end < 0 ? text.length() : end;
      return text.substring(0, at).strip();
    }

    boolean next() throws MalformedForm {
      if (at >= text.length()) {
        return false;
      }
      int equals = text.indexOf('=', at);
      if (text.charAt(at) != ';' || equals < 0) {
        throw new MalformedForm("a part whose content-disposition is none");
      }
      name = text.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
      at = equals + 1;
      value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
      skipSpace();
      return true;
    }

    String name() {
      return name;
    }

    String value() {
      return value;
    }

    /** Readers differ over a backslash before a quote, so there is to be none. */
    private String quoted() throws MalformedForm {
      int close = text.indexOf('"', at + 1);
      if (close < 0 || text.charAt(close - 1) == '\\') {
        throw new MalformedForm("a part with a name whose quotes cannot be told");
      }
      String inside = text.substring(at + 1, close);
      at = close + 1;
      return inside;
    }

    private String token() {
      int end = text.indexOf(';', at);
      int to = end < 0 ? text.length() : end;
      String token = text.substring(at, to).strip();
      at = to;
      return token;
    }

    private void skipSpace() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }
  }
}
