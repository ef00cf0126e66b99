package dev.spillway.wire.dialect;

import org.jspecify.annotations.Nullable;

/** The headers of an answer. */
@FunctionalInterface
public interface HeaderLookup {
  /** The first value of a header, whatever the case of its name; null if there is none. */
  @Nullable String first(String name);
}
