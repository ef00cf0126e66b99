/** The last decisions, for people who ask why. */
@NullMarked
package dev.spillway.control.decisions;

import org.jspecify.annotations.NullMarked;
