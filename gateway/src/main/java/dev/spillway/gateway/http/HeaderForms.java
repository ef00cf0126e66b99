package dev.spillway.gateway.http;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The many forms in which Netty wants what headers do, by way of one of each: names as any text,
 * values one by one.
 */
abstract class HeaderForms extends HttpHeaders {
  @Override
  public @Nullable String get(String name) {
    return get((CharSequence) name);
  }

  @Override
  public List<String> getAll(String name) {
    return getAll((CharSequence) name);
  }

  @Override
  public Iterator<String> valueStringIterator(CharSequence name) {
    return getAll(name).iterator();
  }

  @Override
  public Iterator<String> valueCharSequenceIterator(CharSequence name) {
    return getAll(name).iterator();
  }

  @Override
  public boolean contains(String name) {
    return contains((CharSequence) name);
  }

  @Override
  public HttpHeaders add(String name, Object value) {
    return add((CharSequence) name, value);
  }

  @Override
  public HttpHeaders add(CharSequence name, Iterable<?> values) {
    values.forEach(value -> add(name, value));
    return this;
  }

  @Override
  public HttpHeaders add(String name, Iterable<?> values) {
    return add((CharSequence) name, values);
  }

  @Override
  public HttpHeaders addInt(CharSequence name, int value) {
    return add(name, Integer.toString(value));
  }

  @Override
  public HttpHeaders addShort(CharSequence name, short value) {
    return addInt(name, value);
  }

  @Override
  public HttpHeaders set(CharSequence name, Object value) {
    return remove(name).add(name, value);
  }

  @Override
  public HttpHeaders set(String name, Object value) {
    return set((CharSequence) name, value);
  }

  @Override
  public HttpHeaders set(CharSequence name, Iterable<?> values) {
    return remove(name).add(name, values);
  }

  @Override
  public HttpHeaders set(String name, Iterable<?> values) {
    return set((CharSequence) name, values);
  }

  @Override
  public HttpHeaders setInt(CharSequence name, int value) {
    return set(name, Integer.toString(value));
  }

  @Override
  public HttpHeaders setShort(CharSequence name, short value) {
    return setInt(name, value);
  }

  @Override
  public HttpHeaders remove(String name) {
    return remove((CharSequence) name);
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Set<String> names() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    iteratorCharSequence().forEachRemaining(each -> names.add(each.getKey().toString()));
    return names;
  }

  @Override
  public List<Entry<String, String>> entries() {
    List<Entry<String, String>> all = new ArrayList<>(size());
    iteratorCharSequence()
        .forEachRemaining(each ->
            all.add(
                new SimpleImmutableEntry<>(each.getKey().toString(), each.getValue().toString())));
    return all;
  }

  @Override
  @SuppressWarnings({"deprecation", "InlineMeSuggester"})
  public Iterator<Entry<String, String>> iterator() {
    return entries().iterator();
  }

  @Override
  public @Nullable Integer getInt(CharSequence name) {
    String value = get(name);
    try {
      return value == null ? null : Integer.valueOf(value.strip());
    } catch (NumberFormatException _) {
      return null;
    }
  }

  @Override
  public int getInt(CharSequence name, int defaultValue) {
    Integer value = getInt(name);
    return value == null ? defaultValue : value;
  }

  @Override
  public @Nullable Short getShort(CharSequence name) {
    Integer value = getInt(name);
    return value == null || value != value.shortValue() ? null : Short.valueOf(value.shortValue());
  }

  @Override
  public short getShort(CharSequence name, short defaultValue) {
    Short value = getShort(name);
    return value == null ? defaultValue : value;
  }

  @Override
  public @Nullable Long getTimeMillis(CharSequence name) {
    String value = get(name);
    try {
      return value == null ? null : Long.valueOf(millis(value));
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  @Override
  public long getTimeMillis(CharSequence name, long defaultValue) {
    Long value = getTimeMillis(name);
    return value == null ? defaultValue : value;
  }

  private static long millis(String date) {
    return ZonedDateTime.parse(date.strip(), RFC_1123_DATE_TIME).toInstant().toEpochMilli();
  }
}
