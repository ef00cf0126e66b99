/** When things happen on an event loop: limits of time, and the end of a pass. */
@NullMarked
package dev.spillway.gateway.timing;

import org.jspecify.annotations.NullMarked;
