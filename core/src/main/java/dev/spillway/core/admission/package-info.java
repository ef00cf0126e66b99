/** Who may come in, who waits, and in which order. */
@NullMarked
package dev.spillway.core.admission;

import org.jspecify.annotations.NullMarked;
