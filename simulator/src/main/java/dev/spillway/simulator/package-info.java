/** Engines and load in virtual time, and a live engine on the same model. */
@NullMarked
package dev.spillway.simulator;

import org.jspecify.annotations.NullMarked;
