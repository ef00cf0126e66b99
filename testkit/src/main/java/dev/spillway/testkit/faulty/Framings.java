package dev.spillway.testkit.faulty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Providers whose HTTP is hostile, huge or odd. */
public final class Framings {
  private static final int BLOCK = 64 << 10;

  private Framings() {}

  /** A body, of a stream or of JSON, that never ends. */
  public static Fault endless() {
    String block = Garbage.MARK + "x".repeat(BLOCK);
    return new Fault(
        "an endless body",
        turn -> {
          turn.sendStreamHead();
          turn.sendChunk(turn.request().streams() ? "data: {\"" : "{\"");
          while (true) {
            turn.sendChunk(block);
          }
        });
  }

  /** An error whose body never ends. */
  public static Fault endlessError() {
    String block = Refusals.SECRET + "x".repeat(BLOCK);
    return new Fault(
        "an endless error",
        turn -> {
          turn.send("HTTP/1.1 500 Any\r\nTransfer-Encoding: chunked\r\n\r\n");
          while (true) {
            turn.sendChunk(block);
          }
        });
  }

  /** Headers for ever. */
  public static Fault headerFlood() {
    String header = "x-flood: " + "x".repeat(1_000) + "\r\n";
    return new Fault(
        "headers for ever",
        turn -> {
          turn.send("HTTP/1.1 200 OK\r\n");
          while (true) {
            turn.send(header);
          }
        });
  }

  /** A status line for ever. */
  public static Fault endlessStatusLine() {
    return new Fault(
        "a status line for ever",
        turn -> {
          turn.send("HTTP/1.1 200 ");
          while (true) {
            turn.send("x".repeat(1_000));
          }
        });
  }

  /** Compressed though nobody asked for it: a thousand times as much when it is unpacked. */
  public static Fault bomb() {
    byte[] packed = packed();
    return new Fault(
        "a compressed bomb",
        turn -> {
          turn.send(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                  + "Content-Length: "
                  + packed.length
                  + "\r\n\r\n");
          turn.send(packed);
        });
  }

  /** A length that is short by so many bytes, or too long by {@code -bytes} before it closes. */
  public static Fault lengthShortBy(int bytes) {
    String what = bytes > 0 ? "a length short by " + bytes : "a length too long by " + -bytes;
    return new Fault(
        what,
        turn -> {
          byte[] body = body(turn).getBytes(UTF_8);
          turn.send(head(turn) + "Content-Length: " + (body.length - bytes) + "\r\n\r\n");
          turn.send(body);
          if (bytes < 0) {
            turn.close();
          }
        });
  }

  /** Two ways to frame the body. */
  public static Fault bothLengths() {
    return new Fault(
        "both length and chunked",
        turn -> {
          turn.send(head(turn) + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
          turn.sendChunk(body(turn));
          turn.sendLastChunk();
        });
  }

  /** Two lengths that differ. */
  public static Fault twoLengths() {
    return new Fault(
        "two lengths",
        turn -> {
          int length = body(turn).getBytes(UTF_8).length;
          turn.send(
              head(turn)
                  + "Content-Length: 5\r\nContent-Length: "
                  + length
                  + "\r\n\r\n"
                  + "x".repeat(5));
          turn.send(body(turn).getBytes(UTF_8));
        });
  }

  /** A chunk whose size is no number. */
  public static Fault badChunkSize() {
    return new Fault(
        "a bad chunk size",
        turn -> {
          turn.sendStreamHead();
          turn.send("zz\r\n" + Garbage.MARK + "\r\n");
          turn.hold();
        });
  }

  /** What is no HTTP at all. */
  public static Fault noHttp() {
    return new Fault("no HTTP", turn -> turn.send("220 mail.example ESMTP\r\n\r\n"));
  }

  /** A well answer after an informational head. */
  public static Fault informationalFirst(int status) {
    return new Fault(
        status + " first",
        turn -> {
          turn.send("HTTP/1.1 " + status + " Any\r\nx-any: 1\r\n\r\n");
          turn.answer();
        });
  }

  /** Informational heads for ever. */
  public static Fault informationalForEver() {
    return new Fault(
        "102 for ever",
        turn -> {
          while (true) {
            turn.send("HTTP/1.1 102 Processing\r\n\r\n".repeat(100));
          }
        });
  }

  /** 101, as if anybody had asked for another protocol. */
  public static Fault switchesProtocols() {
    return new Fault(
        "101",
        turn -> {
          turn.send(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: any\r\nConnection: upgrade\r\n\r\n");
          turn.hold();
        });
  }

  /** 204, with a body that it must not have. */
  public static Fault noContent() {
    return new Fault(
        "204 with a body",
        turn -> {
          String body = turn.wellAnswer().json();
          turn.sendAnswer(204, body, "Content-Type: application/json");
        });
  }

  private static String head(Turn turn) {
    String type = turn.request().streams() ? "text/event-stream" : "application/json";
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n";
  }

  private static String body(Turn turn) {
    if (!turn.request().streams()) {
      return turn.wellAnswer().json();
    }
    StringBuilder events = new StringBuilder();
    turn.wellAnswer().events().forEach(each -> events.append(each.text()));
    return events.toString();
  }

  private static byte[] packed() {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
      byte[] spaces = " ".repeat(BLOCK).getBytes(UTF_8);
      for (int i = 0; i < 256; i++) {
        zip.write(spaces);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory failed", e);
    }
    return packed.toByteArray();
  }
}
