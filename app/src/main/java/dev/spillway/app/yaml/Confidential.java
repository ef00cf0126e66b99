package dev.spillway.app.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Where this record stands, people put secrets by mistake: no error repeats what was found. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Confidential {
  /** What to write instead of a plain text. */
  String advice();
}
