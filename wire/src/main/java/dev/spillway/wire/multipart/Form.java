package dev.spillway.wire.multipart;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a form are in its bytes, which are not held.
 *
 * @param boundary what parts them
 * @param length of the whole body
 * @param parts in their order; at least one
 */
public record Form(Boundary boundary, int length, List<FormPart> parts) {
  private static final int MOST_PARTS = 128;

  /** Copies. */
  public Form {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a whole body in one pass, in time in proportion to its length.
   *
   * <p>Strict, because a provider may read differently what is lax: nothing before the first
   * boundary, nothing but a line end after the last, line ends of CRLF, no boundary that goes on as
   * another word.
   *
   * @throws MalformedForm if it is not a form, or has too many parts or headers
   */
  public static Form read(Boundary boundary, ByteSlice body) throws MalformedForm {
    return new Reader(boundary, body).read();
  }

  private static final class Reader {
    private final Boundary boundary;
    private final ByteSlice body;
    private final byte[] bytes;
    private final int end;
    private final List<FormPart> parts = new ArrayList<>(8);

    Reader(Boundary boundary, ByteSlice body) {
      this.boundary = boundary;
      this.body = body;
      this.bytes = body.array();
      this.end = body.offset() + body.length();
    }

    Form read() throws MalformedForm {
      int at = body.offset();
      if (!boundary.isAt(bytes, at, end)) {
        throw new MalformedForm("no boundary at its start");
      }
      int hyphens = at;
      int after = at + boundary.length() - 2;
      while (!isLast(after)) {
        int headers = afterLine(after);
        int next = boundary.find(bytes, headers - 2, end);
        if (next < 0) {
          throw new MalformedForm("no closing boundary");
        }
        part(hyphens, headers, next);
        hyphens = next + 2;
        after = next + boundary.length();
      }
      if (parts.isEmpty()) {
        throw new MalformedForm("no part");
      }
      return new Form(boundary, body.length(), parts);
    }

    private void part(int hyphens, int headers, int next) throws MalformedForm {
      if (parts.size() == MOST_PARTS) {
        throw new MalformedForm("more than " + MOST_PARTS + " parts");
      }
      PartHeaders read = new PartHeaders();
      int content = read.read(bytes, headers, Math.min(end, next + 2));
      if (content > next) {
        throw new MalformedForm("a part without the empty line after its headers");
      }
      parts.add(
          new FormPart(read.name(), read.kind(), span(hyphens, next + 2), span(content, next)));
    }

    private Span span(int from, int to) {
      return new Span(from - body.offset(), to - body.offset());
    }

    private boolean isLast(int after) throws MalformedForm {
      boolean closes = after + 1 < end && bytes[after] == '-' && bytes[after + 1] == '-';
      if (closes) {
        int rest = afterSpace(after + 2);
        boolean lineEnd = end - rest == 2 && bytes[rest] == '\r' && bytes[rest + 1] == '\n';
        if (rest < end && !lineEnd) {
          throw new MalformedForm("something after its closing boundary");
        }
      }
      return closes;
    }

    /** Where the line ends that the boundary begins, after its line end. */
    private int afterLine(int after) throws MalformedForm {
      int at = afterSpace(after);
      if (at + 1 >= end || bytes[at] != '\r' || bytes[at + 1] != '\n') {
        throw new MalformedForm("a boundary that goes on, or no closing one");
      }
      return at + 2;
    }

    private int afterSpace(int from) {
      int at = from;
      while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
        at++;
      }
      return at;
    }
  }
}
