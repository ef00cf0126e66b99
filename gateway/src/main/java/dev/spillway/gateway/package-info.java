/** Starts and stops the data plane. */
@NullMarked
package dev.spillway.gateway;

import org.jspecify.annotations.NullMarked;
