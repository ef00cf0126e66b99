package dev.spillway.wire.chat;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an answer can be, by its {@code Content-Type}: no other goes to a client, so that no
 * provider can make a page or a program of one.
 */
public enum AnswerType {
  /** Anything that is said in JSON. */
  JSON("application/json", "application/json"),
  /** A stream of events. */
  EVENTS("text/event-stream", "text/event-stream; charset=utf-8"),
  /** A transcript. */
  TEXT("text/plain", "text/plain; charset=utf-8"),
  /** A transcript with times. */
  VTT("text/vtt", "text/vtt; charset=utf-8"),
  /** A transcript with times. */
  SRT("application/x-subrip", "application/x-subrip"),
  /** Sound. */
  MP3("audio/mpeg", "audio/mpeg"),
  /** Sound. */
  OPUS("audio/opus", "audio/opus"),
  /** Sound. */
  OGG("audio/ogg", "audio/ogg"),
  /** Sound. */
  AAC("audio/aac", "audio/aac"),
  /** Sound. */
  MP4("audio/mp4", "audio/mp4"),
  /** Sound. */
  WEBM("audio/webm", "audio/webm"),
  /** Sound. */
  FLAC("audio/flac", "audio/flac"),
  /** Sound. */
  WAV("audio/wav", "audio/wav"),
  /** Sound, as some servers call it. */
  X_WAV("audio/x-wav", "audio/wav"),
  /** Sound without a head. */
  PCM("audio/pcm", "audio/pcm"),
  /** Sound of which the server says no more. */
  OCTETS("application/octet-stream", "application/octet-stream");

  private final String mediaType;
  private final String header;

  AnswerType(String mediaType, String header) {
    this.mediaType = mediaType;
    this.header = header;
  }

  /** Reads a header; null if it is of none of these, or missing. */
  public static @Nullable AnswerType of(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int semicolon = contentType.indexOf(';');
    String media = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    String lower = media.strip().toLowerCase(Locale.ROOT);
    for (AnswerType type : values()) {
      if (type.mediaType.equals(lower)) {
        return type;
      }
    }
    return null;
  }

  /** The header that clients get. */
  public String header() {
    return header;
  }

  /** Whether it is a transcript that is not JSON. */
  public boolean isText() {
    return this == TEXT || this == VTT || this == SRT;
  }

  /** Whether it is sound. */
  public boolean isSound() {
    return this == OCTETS || header.startsWith("audio/");
  }
}
