/** Virtual time: the events of requests, engines and failures, in order. */
@NullMarked
package dev.spillway.simulator.event;

import org.jspecify.annotations.NullMarked;
