/** Recorded loads, read line by line. */
@NullMarked
package dev.spillway.simulator.trace;

import org.jspecify.annotations.NullMarked;
