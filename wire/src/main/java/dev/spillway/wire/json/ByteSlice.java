package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.checkFromIndexSize;

import java.util.Arrays;

/**
 * Bytes inside an array, borrowed: neither copied nor owned.
 *
 * <p>Whoever is handed a slice reads it before it returns and keeps no reference. Positions inside
 * a slice count from its first byte.
 */
public final class ByteSlice {
  private final byte[] array;
  private final int offset;
  private final int length;

  /**
   * A part of an array.
   *
   * @throws IndexOutOfBoundsException if the part is not inside the array
   */
  public ByteSlice(byte[] array, int offset, int length) {
    checkFromIndexSize(offset, length, array.length);
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** A whole array. */
  public static ByteSlice of(byte[] array) {
    return new ByteSlice(array, 0, array.length);
  }

  /** The UTF-8 bytes of a text. */
  public static ByteSlice of(String text) {
    return of(text.getBytes(UTF_8));
  }

  /** The same bytes in an array of their own, which may be kept. */
  public ByteSlice copy() {
    return of(Arrays.copyOfRange(array, offset, end()));
  }

  /** The array itself, not a copy. */
  public byte[] array() {
    return array;
  }

  /** Where the first byte is in the array. */
  public int offset() {
    return offset;
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** The array index after the last byte. */
  public int end() {
    return offset + length;
  }

  /** The bytes as text; for tests and cold paths. */
  @Override
  public String toString() {
    return new String(array, offset, length, UTF_8);
  }
}
