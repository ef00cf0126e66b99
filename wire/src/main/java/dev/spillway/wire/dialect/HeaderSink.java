package dev.spillway.wire.dialect;

/** Takes the headers of a request. */
@FunctionalInterface
public interface HeaderSink {
  /** Sets a header; the name is in lower case, the value printable ASCII. */
  void set(String name, String value);
}
