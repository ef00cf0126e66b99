package dev.spillway.wire.multipart;

import dev.spillway.wire.json.Span;

/**
 * One part of a form.
 *
 * @param name as it was sent, such as {@code image[]}
 * @param kind whether it has a file name
 * @param whole from its boundary to the next one
 * @param value its content
 */
public record FormPart(String name, Kind kind, Span whole, Span value) {
  private static final String ARRAY = "[]";

  /** What a part is. */
  public enum Kind {
    /** A value. */
    FIELD,
    /** It has a file name. */
    FILE
  }

  /** The name without the brackets that some clients put behind those of arrays. */
  public String field() {
    return name.endsWith(ARRAY) ? name.substring(0, name.length() - ARRAY.length()) : name;
  }
}
