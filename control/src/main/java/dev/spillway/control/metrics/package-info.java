/** Meters of a hub itself: its deployments and its configuration. */
@NullMarked
package dev.spillway.control.metrics;

import org.jspecify.annotations.NullMarked;
