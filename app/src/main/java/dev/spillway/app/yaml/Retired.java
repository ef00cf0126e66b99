package dev.spillway.app.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that a record no longer has, or does not have yet: refused with advice. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Retired.All.class)
public @interface Retired {
  /** The key. */
  String key();

  /** What to write instead. */
  String advice();

  /** Several of them. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    /** In no order of merit. */
    Retired[] value();
  }
}
