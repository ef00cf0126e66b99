/** Tests of what is learnt. */
@NullMarked
package dev.spillway.core.forecast;

import org.jspecify.annotations.NullMarked;
