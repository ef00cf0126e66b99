/** The engine model behind a real port: a live simulated engine that says it is one. */
@NullMarked
package dev.spillway.simulator.live;

import org.jspecify.annotations.NullMarked;
