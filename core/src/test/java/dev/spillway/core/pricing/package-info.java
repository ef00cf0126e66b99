/** Tests of meters. */
@NullMarked
package dev.spillway.core.pricing;

import org.jspecify.annotations.NullMarked;
