/** How fast an inference engine serves: its performance model, in virtual time. */
@NullMarked
package dev.spillway.simulator.engine;

import org.jspecify.annotations.NullMarked;
