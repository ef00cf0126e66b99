package dev.spillway.gateway.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Headers in one array, in the order in which they came.
 *
 * <p>A head of ours has about ten: to compare the marks of ten names is quicker than to hash one,
 * and Netty's own make three objects of each. Names are the same whatever their case. Not
 * thread-safe.
 */
public final class FlatHeaders extends HeaderForms {
  private static final int USUAL = 12;

  private final @Nullable DefaultHttpHeadersFactory rules;

  /** A name, its value, and so on. */
  private CharSequence[] texts = new CharSequence[2 * USUAL];

  /** Of each name what tells most of them apart. */
  private int[] marks = new int[USUAL];

  private int length;

  private FlatHeaders(@Nullable DefaultHttpHeadersFactory rules) {
    this.rules = rules;
  }

  /** For names and values that are known to be well-formed. */
  public static FlatHeaders trusting() {
    return new FlatHeaders(null);
  }

  /**
   * Makes headers for what came from outside: what no header may have, in a name or a value, is an
   * {@link IllegalArgumentException}, by Netty's rules.
   */
  public static HttpHeadersFactory checking() {
    return new HttpHeadersFactory() {
      @Override
      public HttpHeaders newHeaders() {
        return new FlatHeaders(DefaultHttpHeadersFactory.headersFactory());
      }

      @Override
      public HttpHeaders newEmptyHeaders() {
        return newHeaders();
      }
    };
  }

  @Override
  public @Nullable String get(CharSequence name) {
    int at = find(name, 0);
    return at < 0 ? null : texts[at + 1].toString();
  }

  @Override
  public List<String> getAll(CharSequence name) {
    int at = find(name, 0);
    if (at < 0) {
      return List.of();
    }
    int next = find(name, at + 2);
    if (next < 0) {
      return List.of(texts[at + 1].toString());
    }
    List<String> all = new ArrayList<>(List.of(texts[at + 1].toString()));
    for (; next >= 0; next = find(name, next + 2)) {
      all.add(texts[next + 1].toString());
    }
    return all;
  }

  @Override
  public boolean contains(CharSequence name) {
    return find(name, 0) >= 0;
  }

  @Override
  public FlatHeaders add(CharSequence name, Object value) {
    CharSequence text = value instanceof CharSequence chars ? chars : String.valueOf(value);
    if (rules != null) {
      rules.getNameValidator().validateName(name);
      rules.getValueValidator().validate(text);
    }
    if (length == texts.length) {
      texts = Arrays.copyOf(texts, 2 * length);
      marks = Arrays.copyOf(marks, length);
    }
    marks[length / 2] = mark(name);
    texts[length] = name;
    texts[length + 1] = text;
    length += 2;
    return this;
  }

  @Override
  public FlatHeaders remove(CharSequence name) {
    for (int at = find(name, 0); at >= 0; at = find(name, at)) {
      System.arraycopy(texts, at + 2, texts, at, length - at - 2);
      System.arraycopy(marks, at / 2 + 1, marks, at / 2, (length - at) / 2 - 1);
      length -= 2;
    }
    return this;
  }

  @Override
  public FlatHeaders clear() {
    length = 0;
    return this;
  }

  /** How many headers there are. */
  @Override
  public int size() {
    return length / 2;
  }

  /** The name of a header, from 0 on. */
  public CharSequence name(int header) {
    return texts[2 * header];
  }

  /** Its value. */
  public CharSequence value(int header) {
    return texts[2 * header + 1];
  }

  @Override
  public Iterator<Entry<CharSequence, CharSequence>> iteratorCharSequence() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public Entry<CharSequence, CharSequence> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int header = next++;
        return new SimpleImmutableEntry<>(name(header), value(header));
      }
    };
  }

  /** Where a name is next; negative if nowhere. */
  private int find(CharSequence name, int from) {
    int mark = mark(name);
    for (int at = from; at < length; at += 2) {
      if (marks[at / 2] == mark && AsciiString.contentEqualsIgnoreCase(texts[at], name)) {
        return at;
      }
    }
    return -1;
  }

  /** Its length, and its first and last letter in lower case. */
  private static int mark(CharSequence name) {
    int last = name.length() - 1;
    return last < 0 ? 0 : last << 16 | (name.charAt(0) | 0x20) << 8 | name.charAt(last) | 0x20;
  }
}
