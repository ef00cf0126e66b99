/** One request of the hub's, from its head to the last byte of an engine's answer. */
@NullMarked
package dev.spillway.site.relay;

import org.jspecify.annotations.NullMarked;
