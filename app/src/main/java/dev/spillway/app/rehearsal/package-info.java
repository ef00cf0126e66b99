/** A hub that serves itself, so that the JVM can record what a start needs. */
@NullMarked
package dev.spillway.app.rehearsal;

import org.jspecify.annotations.NullMarked;
