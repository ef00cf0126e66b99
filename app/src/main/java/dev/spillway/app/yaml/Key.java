package dev.spillway.app.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of a record is in a file; the binder, the JSON Schema and the documentation read
 * it, so that they cannot disagree.
 *
 * <p>A component is required unless it has {@link #otherwise}, is nullable, or is a list or a map.
 * Bounds are written as values are, with their unit.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /** What it says, in one line. */
  String value();

  /** Its name, if it is not the component's in kebab-case. */
  String named() default "";

  /** Its default, as a file would say it. */
  String otherwise() default "";

  /** The least it may be. */
  String atLeast() default "";

  /** What it must be more than. */
  String moreThan() default "";

  /** The most it may be. */
  String atMost() default "";

  /** What it must be less than. */
  String lessThan() default "";
}
