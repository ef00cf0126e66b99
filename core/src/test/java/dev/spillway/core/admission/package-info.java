/** Tests of the door and the waiting room. */
@NullMarked
package dev.spillway.core.admission;

import org.jspecify.annotations.NullMarked;
