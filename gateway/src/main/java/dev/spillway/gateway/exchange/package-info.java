/** One request from its route to its last byte. */
@NullMarked
package dev.spillway.gateway.exchange;

import org.jspecify.annotations.NullMarked;
