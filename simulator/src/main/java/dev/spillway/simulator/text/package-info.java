/**
 * What a simulated engine says: words, and JSON that satisfies a schema; depends on what was asked
 * alone.
 */
@NullMarked
package dev.spillway.simulator.text;

import org.jspecify.annotations.NullMarked;
