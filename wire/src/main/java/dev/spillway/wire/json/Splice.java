package dev.spillway.wire.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A text made of parts of another and of new bytes, so that what is not meant to change cannot.
 *
 * <p>Pieces come in the order of the result. The original is not held: a splice says positions, and
 * whoever has the bytes composes them ({@link #forEach}) or copies them ({@link #apply}).
 */
public final class Splice {
  private final List<Edit> edits;
  private final int originalLength;

  private Splice(List<Edit> edits, int originalLength) {
    this.edits = edits;
    this.originalLength = originalLength;
  }

  /**
   * One change.
   *
   * @param from first byte that goes, from 0
   * @param to the byte after the last that goes; equal to {@code from} to insert only
   * @param with what comes in its place
   */
  private record Edit(int from, int to, ByteSlice with) {}

  /** Takes the pieces of a splice, in order. */
  public interface PieceSink {
    /** Bytes {@code from} to {@code to} (exclusive) of the original; never empty. */
    void original(int from, int to);

    /** New bytes; never empty; may be shared, so not to be changed. */
    void inserted(ByteSlice bytes);
  }

  /** Collects edits of an original of a known length; they may be told in any order. */
  public static final class Builder {
    private final List<Edit> edits = new ArrayList<>(4);
    private final int originalLength;

    /** For an original of so many bytes. */
    public Builder(int originalLength) {
      this.originalLength = originalLength;
    }

    /** Puts {@code with} in the place of bytes {@code from} to {@code to} (exclusive). */
    public Builder replace(int from, int to, ByteSlice with) {
      if (from < 0 || to < from || to > originalLength) {
        throw new IllegalArgumentException(
            "edit: " + from + " to " + to + " (expected: inside 0 to " + originalLength + ")");
      }
      edits.add(new Edit(from, to, with));
      return this;
    }

    /** Puts {@code bytes} before byte {@code at}; several at one place stay in the order told. */
    public Builder insert(int at, ByteSlice bytes) {
      return replace(at, at, bytes);
    }

    /**
     * The splice.
     *
     * @throws IllegalArgumentException if two edits overlap
     */
    public Splice build() {
      List<Edit> sorted = new ArrayList<>(edits);
      sorted.sort(Comparator.comparingInt(Edit::from).thenComparingInt(Edit::to));
      int done = 0;
      for (Edit edit : sorted) {
        if (edit.from() < done) {
          throw new IllegalArgumentException(
              "edit: at " + edit.from() + " (expected: from " + done + ", after the one before)");
        }
        done = edit.to();
      }
      return new Splice(List.copyOf(sorted), originalLength);
    }
  }

  /** Whether the result is the original. */
  public boolean isIdentity() {
    return edits.isEmpty();
  }

  /** Length of the result, in bytes. */
  public int length() {
    int length = originalLength;
    for (Edit edit : edits) {
      length += edit.with().length() - (edit.to() - edit.from());
    }
    return length;
  }

  /** Tells the pieces in order. */
  public void forEach(PieceSink sink) {
    int done = 0;
    for (Edit edit : edits) {
      if (edit.from() > done) {
        sink.original(done, edit.from());
      }
      if (edit.with().length() > 0) {
        sink.inserted(edit.with());
      }
      done = edit.to();
    }
    if (originalLength > done) {
      sink.original(done, originalLength);
    }
  }

  /**
   * The result in an array of its own.
   *
   * @throws IllegalArgumentException if {@code original} has another length than this was made for
   */
  public byte[] apply(ByteSlice original) {
    if (original.length() != originalLength) {
      throw new IllegalArgumentException(
          "original: " + original.length() + " bytes (expected: " + originalLength + ")");
    }
    Copy copy = new Copy(original, new byte[length()]);
    forEach(copy);
    return copy.target;
  }

  private static final class Copy implements PieceSink {
    private final ByteSlice source;
    private final byte[] target;
    private int at;

    private Copy(ByteSlice source, byte[] target) {
      this.source = source;
      this.target = target;
    }

    @Override
    public void original(int from, int to) {
      System.arraycopy(source.array(), source.offset() + from, target, at, to - from);
      at += to - from;
    }

    @Override
    public void inserted(ByteSlice bytes) {
      System.arraycopy(bytes.array(), bytes.offset(), target, at, bytes.length());
      at += bytes.length();
    }
  }
}
