/** Limits of time on an event loop. */
@NullMarked
package dev.spillway.gateway.timing;

import org.jspecify.annotations.NullMarked;
